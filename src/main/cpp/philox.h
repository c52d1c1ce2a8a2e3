// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): key = seed, counter = (sample low, sample
// high, block, stream). The same words as dev.whybox.random.Philox, and as Random123's own.
#pragma once

#include "kernels.h"

// Which of a seed's independent sequences a design draws from.
constexpr std::uint32_t kUniformStream = 1;
constexpr std::uint32_t kShapleyStream = 2;
constexpr std::uint32_t kRiseStream = 3;

// One block of the generator. Index it by constants alone: a variable index would put it into local
// memory.
struct PhiloxWords {
  std::uint32_t word[4];
};

__device__ inline PhiloxWords philox(std::uint64_t seed, std::int64_t sample, std::uint32_t block,
                                     std::uint32_t stream) {
  std::uint32_t c0 = static_cast<std::uint32_t>(sample);
  std::uint32_t c1 = static_cast<std::uint32_t>(static_cast<std::uint64_t>(sample) >> 32);
  std::uint32_t c2 = block;
  std::uint32_t c3 = stream;
  std::uint32_t key0 = static_cast<std::uint32_t>(seed);
  std::uint32_t key1 = static_cast<std::uint32_t>(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    const std::uint64_t p0 = 0xD2511F53ull * c0;
    const std::uint64_t p1 = 0xCD9E8D57ull * c2;
    c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ key0;
    c1 = static_cast<std::uint32_t>(p1);
    c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ key1;
    c3 = static_cast<std::uint32_t>(p0);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

// A number below a bound: the high word of the product, one word always, integers only.
__device__ inline int below(std::uint32_t word, int bound) {
  return static_cast<int>(static_cast<std::uint64_t>(word) * static_cast<std::uint32_t>(bound) >>
                          32);
}
