// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// The sums of a weighted least-squares fit on coalitions, A = sum w z z^T and B = sum w z y^T
// (dev.whybox.explain.NormalEquations), in double precision.
//
// A thread owns one entry and goes through the samples in their order, so the sums have the bits of
// the sequential program. A block of 16 x 16 entries needs 16 players along each axis: half a word a
// sample. It brings the halves and the weights of a tile of samples to shared memory.
#include "kernels.h"

namespace {

constexpr int kFitSide = 16;
constexpr int kFitThreads = kFitSide * kFitSide;
constexpr int kFitSamples = 64;

// What a block knows of a tile of samples.
struct Tile {
  double weight[kFitSamples];
  std::uint32_t left[kFitSamples];   // 16 players from the row's first
  std::uint32_t right[kFitSamples];  // 16 players from the column's first
};

__device__ inline std::uint32_t sixteen(const std::uint32_t* row, int first) {
  return row[first / 32] >> first % 32;
}

// Loads samples `from` to `from + samples`; the first threads of the block a sample each.
__device__ inline void load_tile(const std::uint32_t* bits, std::int64_t from, int samples,
                                 int players, const double* sizeWeights, int leftPlayer,
                                 int rightPlayer, Tile& tile) {
  const int s = static_cast<int>(threadIdx.y) * kFitSide + static_cast<int>(threadIdx.x);
  if (s >= samples) {
    return;
  }
  const int words = coalition_words(players);
  const std::uint32_t* const row = bits + (from + s) * words;
  int size = 0;
  for (int w = 0; w < words; w++) {
    size += __popc(row[w]);
  }
  tile.weight[s] = sizeWeights[size];
  tile.left[s] = sixteen(row, leftPlayer);
  tile.right[s] = sixteen(row, rightPlayer);
}

__device__ inline int fit_samples_of_tile(std::int64_t count, std::int64_t from) {
  return count - from < kFitSamples ? static_cast<int>(count - from) : kFitSamples;
}

}  // namespace

// Entry (row, column) of A. Blocks below the diagonal have nothing to do.
extern "C" __global__ void __launch_bounds__(kFitThreads)
    normal_gram(const std::uint32_t* bits, const Wave* wave, int players,
                const double* sizeWeights, double* gram) {
  if (blockIdx.x < blockIdx.y) {
    return;  // the whole block
  }
  __shared__ Tile tile;
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int firstRow = static_cast<int>(blockIdx.y) * kFitSide;
  const int firstColumn = static_cast<int>(blockIdx.x) * kFitSide;
  const int row = firstRow + y;
  const int column = firstColumn + x;
  const bool mine = row <= column && column < players;
  double sum = mine ? gram[row * players + column] : 0.0;
  const std::int64_t count = wave->count;
  for (std::int64_t from = 0; from < count; from += kFitSamples) {
    const int samples = fit_samples_of_tile(count, from);
    __syncthreads();  // nobody reads the tile before any more
    load_tile(bits, from, samples, players, sizeWeights, firstRow, firstColumn, tile);
    __syncthreads();
    for (int s = 0; s < samples; s++) {
      if ((tile.left[s] >> y & tile.right[s] >> x & 1u) != 0) {
        sum += tile.weight[s];
      }
    }
  }
  if (mine) {
    gram[row * players + column] = sum;
  }
}

// Entry (player, target) of B.
extern "C" __global__ void __launch_bounds__(kFitThreads)
    normal_moments(const std::uint32_t* bits, const Wave* wave, int players,
                   const double* sizeWeights, const float* scores, const float* offsets,
                   int targets, double* moments) {
  __shared__ Tile tile;
  const int x = static_cast<int>(threadIdx.x);
  const int firstPlayer = static_cast<int>(blockIdx.x) * kFitSide;
  const int player = firstPlayer + x;
  const int target = static_cast<int>(blockIdx.y) * kFitSide + static_cast<int>(threadIdx.y);
  const bool mine = player < players && target < targets;
  double sum = mine ? moments[player * targets + target] : 0.0;
  const float offset = mine ? offsets[target] : 0.0f;
  const std::int64_t count = wave->count;
  for (std::int64_t from = 0; from < count; from += kFitSamples) {
    const int samples = fit_samples_of_tile(count, from);
    __syncthreads();  // nobody reads the tile before any more
    load_tile(bits, from, samples, players, sizeWeights, firstPlayer, firstPlayer, tile);
    __syncthreads();
    for (int s = 0; s < samples; s++) {
      if (mine && (tile.left[s] >> x & 1u) != 0) {
        const float gain = scores[(from + s) * targets + target] - offset;
        sum += tile.weight[s] * static_cast<double>(gain);
      }
    }
  }
  if (mine) {
    moments[player * targets + target] = sum;
  }
}

WHYBOX_KERNEL(normal_gram)
WHYBOX_KERNEL(normal_moments)
