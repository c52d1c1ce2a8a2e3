// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// All kernels as one module: what nvcc compiles to the fat binary.
#include "accumulate.cu"
#include "coalitions.cu"
#include "normal_equations.cu"
#include "perturb.cu"
#include "score.cu"
