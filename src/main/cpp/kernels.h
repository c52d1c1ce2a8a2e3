// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Whybox's CUDA kernels: names, parameters, launch geometry. The callers launch them by name
// (cuModuleGetFunction, cuLaunchKernel; host_library.h for the host build), so this page is the
// contract between them and the kernels.
//
// What holds for all of them
//   - Parameters are plain pointers (8 bytes) and scalars, in the order given here.
//   - All arrays lie in device memory, row by row, the last axis contiguous. Arrays of pixels
//     (image, baseline, labels, input) start at a multiple of 16 bytes.
//   - Shared memory is static: sharedMemBytes is 0.
//   - What changes from wave to wave is read from device memory (Wave), so that a captured graph
//     can be replayed with the same parameters.
//   - Nothing depends on the order in which blocks or threads run; there are no atomics. The same
//     input is meant to give the same bits on every GPU, and FP32 results those of the Java
//     implementation named at each kernel: products and sums are not fused (nvcc -fmad=false).
//     The tests compare the host build with Java, bit for bit; no GPU has been compared.
//   - Ranges are not checked here. Whoever launches checks them.
#pragma once

#ifdef __CUDACC__
#include <cstdint>
#define WHYBOX_KERNEL(name)  // the host build enters it into a table
#else
#include "host/cuda_on_host.h"
#endif

// The samples of one wave: image i of the batch is sample first + i, for i in [0, count).
// The batch may have room for more images than count; their input and scores are left as they are.
struct Wave {
  std::int64_t first;  // from 0; or -2, -1: see below
  std::int64_t count;  // at least 0
};

// Sample numbers with a meaning of their own (Masks.FULL and Masks.EMPTY).
constexpr std::int64_t kFullImage = -2;
constexpr std::int64_t kBaseline = -1;

// Where coalitions come from.
constexpr int kGiven = 0;    // from `bits`, row i for image i of the wave
constexpr int kUniform = 1;  // LIME: UniformCoalitions
constexpr int kShapley = 2;  // KernelSHAP: ShapleyCoalitions
constexpr int kAll = 3;      // every coalition once: AllCoalitions, at most 30 players

constexpr int kMaxPlayers = 1024;         // Segments.MAX_COUNT
constexpr int kMaxGrid = 64;              // DRise: cells along each side of a RISE mask
constexpr std::uint16_t kPadding = 0xffff;  // the label of a pixel that is nobody's

// Coalitions are rows of coalition_words(players) words of 32 bits; bit k%32 of word k/32 is player
// k; bits past the last player are 0. On a little-endian host this is Java's long[ceil(players/64)].
__host__ __device__ constexpr int coalition_words(int players) { return (players + 63) / 64 * 2; }

extern "C" {

// ---- perturb.cu: image + masks -> the engine's input --------------------------------------------
//
// input[i][channel][y][x] = what sample first + i shows. Image kFullImage is the image itself,
// kBaseline the baseline.
// Grid:  x = ceil(groups / 256), a group being the pixels of one thread: 4 (f32) or 8 (f16) of a row.
//        groups = ceil(plane / pixels) for segments, inputHeight * ceil(inputWidth / pixels) for
//        rise, which is the same where the width is a multiple of 8;
//        y = any number from 1; the tiles of 32 (segments) or 16 (rise) images of the wave are
//        spread over it. 1 is best where x alone fills the GPU.
// Block: 256.

// Whole segments keep their pixels or show the baseline (SegmentMasks).
//   image, baseline  [3, plane] floats in [0,1], plane = inputHeight * inputWidth, same padding
//   labels           [plane] segment of each pixel of the input, kPadding outside the content
//   bits             [count, coalition_words(players)] for kGiven, else unused (may be null)
//   limits           [players - 1] for kShapley: ShapleyCoalitions.sizeLimits; else unused
//   input            [batch, 3, plane] is written
__global__ void perturb_segments_f32(const float* image, const float* baseline,
                                     const std::uint16_t* labels, int plane, const Wave* wave,
                                     int design, int players, std::uint64_t seed,
                                     const std::uint32_t* bits, const std::uint64_t* limits,
                                     float* input);
__global__ void perturb_segments_f16(const float* image, const float* baseline,
                                     const std::uint16_t* labels, int plane, const Wave* wave,
                                     int design, int players, std::uint64_t seed,
                                     const std::uint32_t* bits, const std::uint64_t* limits,
                                     std::uint16_t* input);

// RISE masks (RiseMasks): baseline + m * (image - baseline).
//   left, top, contentWidth, contentHeight   where the content lies in the input
//   grid       cells along each side, 1 to kMaxGrid
//   threshold  floor(keep * 2^32): a lattice point keeps its pixels where its word is below
__global__ void perturb_rise_f32(const float* image, const float* baseline, int inputWidth,
                                 int inputHeight, int left, int top, int contentWidth,
                                 int contentHeight, const Wave* wave, int grid,
                                 std::uint32_t threshold, std::uint64_t seed, float* input);
__global__ void perturb_rise_f16(const float* image, const float* baseline, int inputWidth,
                                 int inputHeight, int left, int top, int contentWidth,
                                 int contentHeight, const Wave* wave, int grid,
                                 std::uint32_t threshold, std::uint64_t seed,
                                 std::uint16_t* input);

// ---- coalitions.cu: the coalitions of a wave ----------------------------------------------------
//
// bits[i] = the coalition of sample first + i, of design kUniform, kShapley or kAll. The samples
// kFullImage and kBaseline give the coalition of all and of none.
//   bits    [batch, coalition_words(players)] is written
//   limits  as above
// Grid:  x = ceil(batch / 32).  Block: 32.
__global__ void coalitions(const Wave* wave, int design, int players, std::uint64_t seed,
                           const std::uint64_t* limits, std::uint32_t* bits);

// ---- score.cu: the raw head -> one score a target -----------------------------------------------
//
// scores[i][t] = max over anchors of IoU * probability (vectors null: TargetSimilarity.PROBABILITY)
// or of IoU * cosine (TargetSimilarity.COSINE), as TargetScorer computes it. Not a number where an
// anchor that may speak for the target has numbers that are not finite: its probability, its box
// where the probability is above 0; for the cosine its box, and its probabilities where the box
// overlaps. The caller reports it.
//   output        [batch, rows, anchors], or [batch, anchors, rows] where anchorsFirst is 1;
//                 rows >= 4 + classes: centre x, centre y, width, height, probabilities, others
//   boxes         [targets, 4] x1, y1, x2, y2 in input pixels
//   classIds      [targets]
//   vectors       [targets, classes] the targets' class probabilities, or null
//   contentX1 ..  where the image lies in the input, in input pixels
//   scores        [batch, targets] is written
// Grid:  x = targets, y = batch.  Block: 256.
__global__ void score_f32(const float* output, const Wave* wave, int rows, int anchors,
                          int anchorsFirst, int classes, const float* boxes,
                          const std::int32_t* classIds, const float* vectors, int targets,
                          float contentX1, float contentY1, float contentX2, float contentY2,
                          float* scores);
__global__ void score_f16(const std::uint16_t* output, const Wave* wave, int rows, int anchors,
                          int anchorsFirst, int classes, const float* boxes,
                          const std::int32_t* classIds, const float* vectors, int targets,
                          float contentX1, float contentY1, float contentX2, float contentY2,
                          float* scores);

// ---- accumulate.cu: the sums behind a RISE map --------------------------------------------------
//
// Adds the wave to D-RISE's sums on the lattice, one lattice a shift (RiseEstimator), sample by
// sample. A sample below 0 adds nothing. side = grid + 2, shift = phaseY * 8 + phaseX.
//   scores    [batch, targets]
//   plain     [64, side, side] += lattice bits
//   weighted  [targets, 64, side, side] += score * lattice bits
// Grid:  x = ceil((side * side + 1) / 512), y = targets + 1.  Block: 128.
__global__ void accumulate_rise(const float* scores, const Wave* wave, int grid,
                                std::uint32_t threshold, std::uint64_t seed, int targets,
                                double* plain, double* weighted);

// ---- normal_equations.cu: the sums of a least-squares fit ---------------------------------------
//
// Adds the wave to gram = sum w z z^T and moments = sum w z y^T (NormalEquations), sample by sample:
// z the coalition, w = sizeWeights[how many are present], y = score - offset.
//   bits         [batch, coalition_words(players)]
//   sizeWeights  [players + 1]
//   scores       [batch, targets]
//   offsets      [targets]: the baseline's scores for SHAP, zeros for LIME
//   gram         [players, players], only entries with row <= column are touched
//   moments      [players, targets]
// Grid:  x = ceil(players / 16), y = ceil(players / 16) for normal_gram, ceil(targets / 16) for
//        normal_moments.  Block: 16 x 16.
__global__ void normal_gram(const std::uint32_t* bits, const Wave* wave, int players,
                            const double* sizeWeights, double* gram);
__global__ void normal_moments(const std::uint32_t* bits, const Wave* wave, int players,
                               const double* sizeWeights, const float* scores,
                               const float* offsets, int targets, double* moments);

}  // extern "C"
