// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// IEEE 754 binary16 in 16 bits of memory: rounded to nearest, ties to even.
#pragma once

#include "kernels.h"

#ifdef __CUDACC__

#include <cuda_fp16.h>

__device__ inline std::uint16_t to_half(float value) {
  return __half_as_ushort(__float2half_rn(value));
}

__device__ inline float from_half(std::uint16_t bits) { return __half2float(__ushort_as_half(bits)); }

#else

#include <cmath>
#include <cstring>

inline std::uint16_t to_half(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = bits >> 16 & 0x8000u;
  std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return 0x7fff;  // the one NaN that a GPU answers with
  }
  if (magnitude >= 0x477ff000u) {  // 65520 rounds to 65536, which there is not
    return static_cast<std::uint16_t>(sign | 0x7c00u);
  }
  if (magnitude < 0x38800000u) {
    // Below 2^-14 a half is a multiple of 2^-24, which is the last place of a float from 0.5 on: the
    // addition rounds.
    float aligned;
    std::memcpy(&aligned, &magnitude, sizeof aligned);
    aligned += 0.5f;
    std::memcpy(&magnitude, &aligned, sizeof magnitude);
    return static_cast<std::uint16_t>(sign | (magnitude - 0x3f000000u));
  }
  magnitude += 0xfffu + (magnitude >> 13 & 1u);  // 13 bits fall away; a carry moves the exponent
  return static_cast<std::uint16_t>(sign | (magnitude - 0x38000000u) >> 13);
}

inline float from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 1023;
  float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -24)
                                  : std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
  if (exponent == 31) {
    magnitude = mantissa == 0 ? HUGE_VALF : std::nanf("");
  }
  return std::copysign(magnitude, (bits & 0x8000) != 0 ? -1.0f : 1.0f);
}

#endif
