// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// The sums behind D-RISE's map (dev.whybox.explain.RiseEstimator). A mask is linear in its lattice
// once its shift is known, so sum s * M is kept on the lattice, one lattice a shift, and spread over
// pixels when a map is wanted. The lattice is drawn again from the seed.
//
// A thread owns four lattice points (one block of the generator) of one target, in all shifts, and
// goes through the samples in their order. So nobody else touches its sums, and they get the bits
// that a sequential program gives them.
#include "lattice.h"

namespace {
constexpr int kAccumulateThreads = 128;
}  // namespace

extern "C" __global__ void __launch_bounds__(kAccumulateThreads)
    accumulate_rise(const float* scores, const Wave* wave, int grid, std::uint32_t threshold,
                    std::uint64_t seed, int targets, double* plain, double* weighted) {
  const int points = (grid + 2) * (grid + 2);
  const int block = static_cast<int>(blockIdx.x * kAccumulateThreads + threadIdx.x);
  const int firstPoint = 4 * block - 1;  // word 0 is the shift
  if (firstPoint >= points) {
    return;
  }
  const int target = static_cast<int>(blockIdx.y);  // the last of the grid is the plain sum
  const bool scored = target < targets;
  double* const sums =
      scored ? weighted + static_cast<std::int64_t>(target) * kPhases * kPhases * points : plain;
  const std::int64_t first = wave->first;
  const std::int64_t count = wave->count;
  for (std::int64_t i = 0; i < count; i++) {
    const std::int64_t sample = first + i;
    if (sample < 0) {
      continue;
    }
    const int shift = lattice_shift(philox(seed, sample, 0, kRiseStream).word[0]);
    const PhiloxWords random = philox(seed, sample, static_cast<std::uint32_t>(block), kRiseStream);
    const double factor = scored ? scores[i * targets + target] : 1.0;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      const int point = firstPoint + k;
      if (point >= 0 && point < points && random.word[k] < threshold) {
        sums[shift * points + point] += factor;
      }
    }
  }
}

WHYBOX_KERNEL(accumulate_rise)
