// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Groups of pixels that are read and written 16 bytes at a time. A group's pixels lie in one row of
// one channel; `valid` of them exist, and `whole` says that every group of the array is full and so
// begins at a multiple of 16 bytes.
#pragma once

#include "half.h"

// Pixels a group, so that a store has 16 bytes.
template <typename T>
constexpr int kGroup = 16 / sizeof(T);

template <int N>
__device__ inline void load_group(const float* from, int valid, bool whole, float (&to)[N]) {
  if (whole) {
#pragma unroll
    for (int i = 0; i < N; i += 4) {
      const float4 four = *reinterpret_cast<const float4*>(from + i);
      to[i] = four.x;
      to[i + 1] = four.y;
      to[i + 2] = four.z;
      to[i + 3] = four.w;
    }
    return;
  }
#pragma unroll
  for (int i = 0; i < N; i++) {
    to[i] = i < valid ? from[i] : 0.0f;
  }
}

__device__ inline std::uint32_t two_halves(float low, float high) {
  return to_half(low) | static_cast<std::uint32_t>(to_half(high)) << 16;
}

__device__ inline void store_whole(float* to, const float (&from)[4]) {
  *reinterpret_cast<float4*>(to) = float4{from[0], from[1], from[2], from[3]};
}

__device__ inline void store_whole(std::uint16_t* to, const float (&from)[8]) {
  *reinterpret_cast<uint4*>(to) =
      uint4{two_halves(from[0], from[1]), two_halves(from[2], from[3]),
            two_halves(from[4], from[5]), two_halves(from[6], from[7])};
}

__device__ inline void store_one(float* to, float value) { *to = value; }

__device__ inline void store_one(std::uint16_t* to, float value) { *to = to_half(value); }

template <int N, typename T>
__device__ inline void store_group(T* to, const float (&from)[N], int valid, bool whole) {
  if (whole) {
    store_whole(to, from);
    return;
  }
#pragma unroll
  for (int i = 0; i < N; i++) {
    if (i < valid) {
      store_one(to + i, from[i]);
    }
  }
}
