// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Designs of coalitions, drawn from integers alone, bit for bit as in dev.whybox.perturb. One thread
// draws one sample into a column of words: word w goes to set[w * stride].
#pragma once

#include "philox.h"

// Which bits of a word belong to players.
__device__ inline std::uint32_t player_bits(int players, int word) {
  const int left = players - 32 * word;
  return left >= 32 ? 0xffffffffu : left > 0 ? (1u << left) - 1 : 0u;
}

// LIME (UniformCoalitions): even odds for everyone.
__device__ inline void draw_uniform(std::int64_t sample, int players, std::uint64_t seed,
                                    std::uint32_t* set, int stride) {
  const int words = coalition_words(players);
  for (int first = 0; first < words; first += 4) {
    const PhiloxWords random = philox(seed, sample, first / 4, kUniformStream);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const int w = first + i;
      if (w < words) {
        set[w * stride] = random.word[i] & player_bits(players, w);
      }
    }
  }
}

// The size of a coalition, drawn from the Shapley kernel: one more than the number of limits that
// the draw does not stay below. The last limit is 2^32.
__device__ inline int shapley_size(std::uint32_t draw, int players, const std::uint64_t* limits) {
  int low = 0;
  int high = players - 2;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (draw < limits[middle]) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low + 1;
}

// KernelSHAP (ShapleyCoalitions): size from the Shapley kernel, members by Floyd's method, which
// takes one word a member and never tries again; odd samples are complements of the even ones.
__device__ inline void draw_shapley(std::int64_t sample, int players, std::uint64_t seed,
                                    const std::uint64_t* limits, std::uint32_t* set, int stride) {
  const int words = coalition_words(players);
  for (int w = 0; w < words; w++) {
    set[w * stride] = 0;
  }
  int size = 0;
  for (int first = 0; first <= size; first += 4) {
    const PhiloxWords random = philox(seed, sample / 2, first / 4, kShapleyStream);
    if (first == 0) {
      size = shapley_size(random.word[0], players, limits);
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const int drawn = first + i;  // word 0 gave the size, word d gives the d-th member
      if (drawn >= 1 && drawn <= size) {
        const int top = players - size + drawn - 1;
        int member = below(random.word[i], top + 1);
        if (set[member / 32 * stride] >> member % 32 & 1u) {
          member = top;
        }
        set[member / 32 * stride] |= 1u << member % 32;
      }
    }
  }
  if (sample % 2 != 0) {
    for (int w = 0; w < words; w++) {
      set[w * stride] ^= player_bits(players, w);
    }
  }
}

// Every coalition but the empty and the full one (AllCoalitions), at most 30 players.
__device__ inline void draw_all(std::int64_t sample, int players, std::uint32_t* set, int stride) {
  const std::uint32_t everyone = player_bits(players, 0);
  const std::uint32_t pair = static_cast<std::uint32_t>(sample / 2 + 1);
  const std::uint32_t coalition = pair * 0x9E3779B1u & everyone >> 1;
  set[0] = sample % 2 == 0 ? coalition : everyone ^ coalition;
  set[stride] = 0;
}

// The coalition of all for kFullImage, of none for kBaseline.
__device__ inline void draw_reference(std::int64_t sample, int players, std::uint32_t* set,
                                      int stride) {
  for (int w = 0; w < coalition_words(players); w++) {
    set[w * stride] = sample == kFullImage ? player_bits(players, w) : 0;
  }
}

// The coalition of a sample. `given` is its row where the design is kGiven.
__device__ inline void draw_coalition(int design, std::int64_t sample, int players,
                                      std::uint64_t seed, const std::uint64_t* limits,
                                      const std::uint32_t* given, std::uint32_t* set, int stride) {
  if (sample < 0) {
    draw_reference(sample, players, set, stride);
  } else if (design == kUniform) {
    draw_uniform(sample, players, seed, set, stride);
  } else if (design == kShapley) {
    draw_shapley(sample, players, seed, limits, set, stride);
  } else if (design == kAll) {
    draw_all(sample, players, set, stride);
  } else {
    for (int w = 0; w < coalition_words(players); w++) {
      set[w * stride] = given[w];
    }
  }
}
