// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Coalitions as bits in memory, for the normal equations and for whoever reads a design. The
// perturbation draws its own.
//
// One thread draws one sample: Floyd's method is sequential, and samples are many. A column of
// shared memory holds its set, so that 32 threads use 32 banks; then the block writes the rows.
#include "designs.h"

namespace {
constexpr int kDrawn = 32;
constexpr int kDrawnStride = kDrawn + 1;  // so that writing a row meets no bank twice
}  // namespace

extern "C" __global__ void __launch_bounds__(kDrawn)
    coalitions(const Wave* wave, int design, int players, std::uint64_t seed,
               const std::uint64_t* limits, std::uint32_t* bits) {
  __shared__ std::uint32_t sets[coalition_words(kMaxPlayers) * kDrawnStride];
  const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kDrawn;
  const std::int64_t left = wave->count - first;
  const int samples = left < kDrawn ? static_cast<int>(left) : kDrawn;
  const int thread = static_cast<int>(threadIdx.x);
  if (thread < samples) {
    draw_coalition(design, wave->first + first + thread, players, seed, limits, nullptr,
                   sets + thread, kDrawnStride);
  }
  __syncthreads();
  const int words = coalition_words(players);
  for (int i = thread; i < samples * words; i += kDrawn) {
    bits[first * words + i] = sets[i % words * kDrawnStride + i / words];
  }
}

WHYBOX_KERNEL(coalitions)
