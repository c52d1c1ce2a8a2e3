// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// What libwhybox_kernels_host.so exports: the kernels of kernels.h, compiled for the host, launched
// by name with the parameter array of cuLaunchKernel. For tests without a GPU.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// One kernel. `sizes` holds the size in bytes of each parameter.
struct WhyboxKernel {
  const char* name;
  int parameters;
  const size_t* sizes;
  void (*call)(void** parameters);  // the body of one thread; whybox_launch calls it
};

// The kernels by number; null past the last.
const struct WhyboxKernel* whybox_kernel(int number);

// The kernel of this name; null where there is none.
const struct WhyboxKernel* whybox_find_kernel(const char* name);

enum WhyboxLaunchResult {
  WHYBOX_OK = 0,
  WHYBOX_BAD_GEOMETRY = 1,       // a size is 0, or a block has more than 1024 threads
  WHYBOX_BARRIER_DIVERGED = 2,   // some threads wait for others that have ended
};

// Runs a kernel to its end. parameters[k] points to the value of parameter k. One launch runs at a
// time; others wait.
int whybox_launch(const struct WhyboxKernel* kernel, unsigned gridX, unsigned gridY,
                  unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                  void** parameters);

// 0: threads and blocks run in ascending order between barriers; 1: in descending order. Results
// must not depend on it; tests try both.
void whybox_set_descending(int descending);

#ifdef __cplusplus
}
#endif
