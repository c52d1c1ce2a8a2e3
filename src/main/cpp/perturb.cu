// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Paints the engine's input: what every sample of a wave shows.
//
// A thread owns a group of pixels (4 in FP32, 8 in FP16: 16 bytes a channel). It loads their colours
// in the image and in the baseline once, keeps them in registers, and goes through the samples. So a
// sample costs what it must, its own 3 * plane values written; reading adds 2 / count of that in FP32.
// Masks live in no memory: a block draws the random bits of a tile of samples, as far as its pixels
// need them, into shared memory, and every thread works out its own pixels' part of the mask.
#include "designs.h"
#include "lattice.h"
#include "pixels.h"

namespace {

constexpr int kPerturbThreads = 256;

// The colours of a thread's pixels.
template <int N>
struct Colors {
  float image[3][N];
  float baseline[3][N];

  __device__ void load(const float* fromImage, const float* fromBaseline, int plane, int at,
                       int valid, bool whole) {
#pragma unroll
    for (int channel = 0; channel < 3; channel++) {
      const int offset = channel * plane + at;
      load_group(fromImage + offset, valid, whole, image[channel]);
      load_group(fromBaseline + offset, valid, whole, baseline[channel]);
    }
  }
};

__device__ inline int images_of_tile(std::int64_t count, std::int64_t tile, int capacity) {
  return count - tile < capacity ? static_cast<int>(count - tile) : capacity;
}

// ---- Segments -----------------------------------------------------------------------------------

constexpr int kSets = 32;             // samples a tile; a warp draws them, a sample a lane
constexpr int kSetStride = kSets + 1;  // lanes in different segments then meet in different banks
constexpr int kSetWords = coalition_words(kMaxPlayers);

// What a thread knows of a pixel's segment: where its bit stands in the sample's set. A pixel that is
// nobody's looks at a word past the last, which is 0.
struct Seat {
  int word;
  int bit;
};

__device__ inline Seat seat(std::uint16_t label) {
  const int word = label / 32;
  return {(word < kSetWords ? word : kSetWords) * kSetStride, label % 32};
}

template <typename T>
__device__ inline void perturb_segments(const float* image, const float* baseline,
                                        const std::uint16_t* labels, int plane, const Wave* wave,
                                        int design, int players, std::uint64_t seed,
                                        const std::uint32_t* bits, const std::uint64_t* limits,
                                        T* input) {
  constexpr int kPixels = kGroup<T>;
  __shared__ std::uint32_t sets[(kSetWords + 1) * kSetStride];
  const int thread = static_cast<int>(threadIdx.x);
  const int at = (static_cast<int>(blockIdx.x) * kPerturbThreads + thread) * kPixels;
  const int valid = plane - at;
  const bool whole = plane % kPixels == 0;
  Colors<kPixels> colors;
  Seat seats[kPixels];
  if (valid > 0) {
    colors.load(image, baseline, plane, at, valid, whole);
#pragma unroll
    for (int p = 0; p < kPixels; p++) {
      seats[p] = seat(p < valid ? labels[at + p] : kPadding);
    }
  }
  if (thread < kSets) {
    sets[kSetWords * kSetStride + thread] = 0;
  }
  const std::int64_t first = wave->first;
  const std::int64_t count = wave->count;
  for (std::int64_t tile = static_cast<std::int64_t>(blockIdx.y) * kSets; tile < count;
       tile += static_cast<std::int64_t>(gridDim.y) * kSets) {
    const int images = images_of_tile(count, tile, kSets);
    __syncthreads();  // nobody reads the tile before any more
    if (thread < images) {
      draw_coalition(design, first + tile + thread, players, seed, limits,
                     bits + (tile + thread) * coalition_words(players), sets + thread, kSetStride);
    }
    __syncthreads();
    if (valid <= 0) {
      continue;
    }
    for (int i = 0; i < images; i++) {
      T* const to = input + (tile + i) * 3 * plane + at;
      bool kept[kPixels];
#pragma unroll
      for (int p = 0; p < kPixels; p++) {
        kept[p] = (sets[seats[p].word + i] >> seats[p].bit & 1u) != 0;
      }
#pragma unroll
      for (int channel = 0; channel < 3; channel++) {
        float shown[kPixels];
#pragma unroll
        for (int p = 0; p < kPixels; p++) {
          shown[p] = kept[p] ? colors.image[channel][p] : colors.baseline[channel][p];
        }
        store_group(to + channel * plane, shown, valid, whole);
      }
    }
  }
}

// ---- RISE ---------------------------------------------------------------------------------------

constexpr int kLattices = 16;  // samples a tile
constexpr int kLatticeWords = ((kMaxGrid + 2) * (kMaxGrid + 2) + 32) / 32;  // bit 1 + p is point p

// The words of a lattice that some rows of the content need.
struct Window {
  int first;
  int count;
};

__device__ inline Window window(int firstRow, int lastRow, int grid, int contentHeight) {
  if (lastRow < firstRow) {
    return {0, 0};
  }
  const int side = grid + 2;
  const int top = static_cast<int>(lattice_coordinate(firstRow, grid, contentHeight));
  const int bottom = static_cast<int>(lattice_coordinate(lastRow, grid, contentHeight) +
                                      lattice_phase(kPhases - 1)) +
                     1;
  const int first = (1 + top * side) / 32;
  return {first, (bottom + 1) * side / 32 - first + 1};
}

// Bit k is whether word 32 * w + k of the sample lies below the threshold.
__device__ inline std::uint32_t lattice_word(std::int64_t sample, int w, std::uint32_t threshold,
                                             std::uint64_t seed) {
  std::uint32_t bits = 0;
  for (int block = 0; block < 8; block++) {
    const PhiloxWords random = philox(seed, sample, w * 8 + block, kRiseStream);
#pragma unroll
    for (int k = 0; k < 4; k++) {
      bits |= (random.word[k] < threshold ? 1u : 0u) << (block * 4 + k);
    }
  }
  return bits;
}

// One sample's part of the lattice in shared memory.
struct Lattice {
  const std::uint32_t* words;  // from the window's first word on
  int firstBit;                // the number of the window's first bit
  int side;

  __device__ float point(int row, int column) const {
    const int bit = 1 + row * side + column - firstBit;
    return static_cast<float>(words[bit / 32] >> bit % 32 & 1u);
  }

  // Down the column between two rows.
  __device__ float between(int row, int column, float part) const {
    const float upper = point(row, column);
    return upper + part * (point(row + 1, column) - upper);
  }
};

template <typename T>
__device__ inline void perturb_rise(const float* image, const float* baseline, int inputWidth,
                                    int inputHeight, int left, int top, int contentWidth,
                                    int contentHeight, const Wave* wave, int grid,
                                    std::uint32_t threshold, std::uint64_t seed, T* input) {
  constexpr int kPixels = kGroup<T>;
  __shared__ std::uint32_t lattices[kLattices * kLatticeWords];
  __shared__ int shifts[kLattices];
  const int thread = static_cast<int>(threadIdx.x);
  const int plane = inputWidth * inputHeight;
  const int groupsInRow = (inputWidth + kPixels - 1) / kPixels;
  const int groups = groupsInRow * inputHeight;
  const int firstGroup = static_cast<int>(blockIdx.x) * kPerturbThreads;
  const int group = firstGroup + thread;
  const int y = group / groupsInRow;
  const int x = group % groupsInRow * kPixels;
  const int at = y * inputWidth + x;
  const int valid = group < groups ? inputWidth - x : 0;
  const bool whole = inputWidth % kPixels == 0;

  Colors<kPixels> colors;
  float columns[kPixels];  // on the lattice, before the shift; below 0 outside the content
  const bool inside = y >= top && y < top + contentHeight;
  const float line = lattice_coordinate(y - top, grid, contentHeight);
  if (valid > 0) {
    colors.load(image, baseline, plane, at, valid, whole);
  }
#pragma unroll
  for (int p = 0; p < kPixels; p++) {
    const int column = x + p - left;
    columns[p] = inside && column >= 0 && column < contentWidth
                     ? lattice_coordinate(column, grid, contentWidth)
                     : -1.0f;
  }

  // The rows of the content that the block's pixels lie in, and what they need of a lattice.
  const int lastGroup = firstGroup + kPerturbThreads < groups ? firstGroup + kPerturbThreads - 1 : groups - 1;
  const int firstRow = firstGroup / groupsInRow - top;
  const int lastRow = lastGroup / groupsInRow - top;
  const Window need = window(firstRow > 0 ? firstRow : 0,
                             lastRow < contentHeight ? lastRow : contentHeight - 1, grid,
                             contentHeight);

  const std::int64_t first = wave->first;
  const std::int64_t count = wave->count;
  for (std::int64_t tile = static_cast<std::int64_t>(blockIdx.y) * kLattices; tile < count;
       tile += static_cast<std::int64_t>(gridDim.y) * kLattices) {
    const int images = images_of_tile(count, tile, kLattices);
    __syncthreads();  // nobody reads the tile before any more
    if (thread < images) {
      shifts[thread] = lattice_shift(philox(seed, first + tile + thread, 0, kRiseStream).word[0]);
    }
    for (int task = thread; task < images * need.count; task += kPerturbThreads) {
      const int i = task / need.count;
      const int w = task % need.count;
      lattices[i * kLatticeWords + w] =
          lattice_word(first + tile + i, need.first + w, threshold, seed);
    }
    __syncthreads();
    if (valid <= 0) {
      continue;
    }
    for (int i = 0; i < images; i++) {
      const std::int64_t sample = first + tile + i;
      T* const to = input + (tile + i) * 3 * plane + at;
      const Lattice lattice = {lattices + i * kLatticeWords, 32 * need.first, grid + 2};
      const float v = line + lattice_phase(shifts[i] / kPhases);
      const int row = static_cast<int>(v);
      const float down = v - static_cast<float>(row);
      float mask[kPixels];
#pragma unroll
      for (int p = 0; p < kPixels; p++) {
        mask[p] = 0.0f;
        if (columns[p] >= 0.0f && sample >= 0) {
          const float u = columns[p] + lattice_phase(shifts[i] % kPhases);
          const int column = static_cast<int>(u);
          const float before = lattice.between(row, column, down);
          const float after = lattice.between(row, column + 1, down);
          mask[p] = before + (u - static_cast<float>(column)) * (after - before);
        }
      }
#pragma unroll
      for (int channel = 0; channel < 3; channel++) {
        float shown[kPixels];
#pragma unroll
        for (int p = 0; p < kPixels; p++) {
          const float present = colors.image[channel][p];
          const float absent = colors.baseline[channel][p];
          shown[p] = sample == kFullImage ? present : absent + mask[p] * (present - absent);
        }
        store_group(to + channel * plane, shown, valid, whole);
      }
    }
  }
}

}  // namespace

// ---- What is launched ---------------------------------------------------------------------------

extern "C" __global__ void __launch_bounds__(kPerturbThreads)
    perturb_segments_f32(const float* image, const float* baseline, const std::uint16_t* labels,
                         int plane, const Wave* wave, int design, int players, std::uint64_t seed,
                         const std::uint32_t* bits, const std::uint64_t* limits, float* input) {
  perturb_segments(image, baseline, labels, plane, wave, design, players, seed, bits, limits,
                   input);
}

extern "C" __global__ void __launch_bounds__(kPerturbThreads)
    perturb_segments_f16(const float* image, const float* baseline, const std::uint16_t* labels,
                         int plane, const Wave* wave, int design, int players, std::uint64_t seed,
                         const std::uint32_t* bits, const std::uint64_t* limits,
                         std::uint16_t* input) {
  perturb_segments(image, baseline, labels, plane, wave, design, players, seed, bits, limits,
                   input);
}

extern "C" __global__ void __launch_bounds__(kPerturbThreads)
    perturb_rise_f32(const float* image, const float* baseline, int inputWidth, int inputHeight,
                     int left, int top, int contentWidth, int contentHeight, const Wave* wave,
                     int grid, std::uint32_t threshold, std::uint64_t seed, float* input) {
  perturb_rise(image, baseline, inputWidth, inputHeight, left, top, contentWidth, contentHeight,
               wave, grid, threshold, seed, input);
}

extern "C" __global__ void __launch_bounds__(kPerturbThreads)
    perturb_rise_f16(const float* image, const float* baseline, int inputWidth, int inputHeight,
                     int left, int top, int contentWidth, int contentHeight, const Wave* wave,
                     int grid, std::uint32_t threshold, std::uint64_t seed,
                     std::uint16_t* input) {
  perturb_rise(image, baseline, inputWidth, inputHeight, left, top, contentWidth, contentHeight,
               wave, grid, threshold, seed, input);
}

WHYBOX_KERNEL(perturb_segments_f32)
WHYBOX_KERNEL(perturb_segments_f16)
WHYBOX_KERNEL(perturb_rise_f32)
WHYBOX_KERNEL(perturb_rise_f16)
