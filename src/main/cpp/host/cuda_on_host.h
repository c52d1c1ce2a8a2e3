// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// As much of CUDA C++ as the kernels use, for a host compiler: the same sources then run on a
// machine without a GPU. Blocks run one after the other; the threads of a block are fibers, which
// take turns where they wait for each other (__syncthreads, shuffles). So there are no data races
// in memory, but a missing barrier shows as a wrong result, most surely when tests run the threads
// in descending order too.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "host_library.h"

#define __global__
#define __device__
#define __host__
#define __launch_bounds__(...)
// One block runs at a time, so what a block shares may be static.
#define __shared__ static

struct Dim3 {
  unsigned x;
  unsigned y;
  unsigned z;
};
extern Dim3 threadIdx;
extern Dim3 blockIdx;
extern Dim3 blockDim;
extern Dim3 gridDim;

struct alignas(16) float4 {
  float x;
  float y;
  float z;
  float w;
};
struct alignas(16) uint4 {
  std::uint32_t x;
  std::uint32_t y;
  std::uint32_t z;
  std::uint32_t w;
};

// Waits for all threads of the block.
void __syncthreads();

// The value that the lane has whose number differs by the bits of `mask`. All lanes take part.
float __shfl_xor_sync(unsigned lanes, float value, int mask);

inline float __int_as_float(int bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline int __popc(std::uint32_t bits) { return __builtin_popcount(bits); }

namespace host {

// Calls a kernel with parameters from an array of pointers, and knows their sizes.
template <auto kernel, typename... P>
struct Call {
  static constexpr std::size_t kSizes[] = {sizeof(P)...};

  static void run(void** parameters) { run(parameters, std::index_sequence_for<P...>()); }

  template <std::size_t... I>
  static void run(void** parameters, std::index_sequence<I...>) {
    kernel(*static_cast<const P*>(parameters[I])...);
  }
};

// Enters a kernel into the table of host_library.h.
struct Entry {
  template <auto kernel, typename... P>
  static Entry of(const char* name, void (*)(P...)) {
    return Entry({name, sizeof...(P), Call<kernel, P...>::kSizes, &Call<kernel, P...>::run});
  }

 private:
  explicit Entry(const WhyboxKernel& kernel);
};

}  // namespace host

#define WHYBOX_KERNEL(name) \
  static const host::Entry name##_entry = host::Entry::of<&name>(#name, &name);
