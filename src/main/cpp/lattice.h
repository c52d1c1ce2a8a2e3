// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// The random part of a RISE mask (dev.whybox.perturb.RiseMasks.Lattice). Word 0 of a sample gives
// the shift, word 1 + p the lattice point p = row * side + column, side = grid + 2.
#pragma once

#include "philox.h"

constexpr int kPhases = 8;  // shifts along each axis, in parts of a cell

// phaseY * kPhases + phaseX, from word 0 of the sample.
__device__ inline int lattice_shift(std::uint32_t word) { return below(word, kPhases * kPhases); }

// Where pixel i of an axis lies on the lattice, before the shift.
__device__ inline float lattice_coordinate(int i, int grid, int size) {
  return (static_cast<float>(i) + 0.5f) * static_cast<float>(grid) / static_cast<float>(size);
}

// The part of a cell that a shift along an axis is.
__device__ inline float lattice_phase(int phase) {
  return static_cast<float>(phase) / static_cast<float>(kPhases);
}
