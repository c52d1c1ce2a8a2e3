// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// From the raw head to one score a target: the best agreement over all anchors, before any
// threshold (dev.whybox.yolo.TargetScorer).
//
// A block has one target on one image. Its threads go through the anchors side by side, so in the
// usual layout [rows, anchors] they read whole lines. Five rows are read (a box and one
// probability), not all 4 + classes of them; the targets of an image find them in the cache.
#include "half.h"

namespace {

constexpr int kScoreThreads = 256;
constexpr int kWarpLanes = 32;

__device__ inline float number(float value) { return value; }
__device__ inline float number(std::uint16_t half) { return from_half(half); }

__device__ inline float not_a_number() { return __int_as_float(0x7fffffff); }

// False for infinities and NaN.
__device__ inline bool finite(float value) { return fabsf(value) < __int_as_float(0x7f800000); }

// The greater one; NaN where either is, in any order.
__device__ inline float worst_or_best(float a, float b) { return a >= b || a != a ? a : b; }

struct Corners {
  float x1;
  float y1;
  float x2;
  float y2;
};

// Intersection over union; 0 where the boxes share no area.
__device__ inline float iou(const Corners& a, const Corners& b) {
  const float width = fminf(a.x2, b.x2) - fmaxf(a.x1, b.x1);
  const float height = fminf(a.y2, b.y2) - fmaxf(a.y1, b.y1);
  if (!(width > 0.0f && height > 0.0f)) {
    return 0.0f;
  }
  const float both = width * height;
  return both / ((a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - both);
}

// The raw output of one image. Row r of anchor a stands at r * rowStride + a * anchorStride.
template <typename T>
struct Head {
  const T* values;
  int rowStride;
  int anchorStride;
  int classes;
  Corners content;

  __device__ float value(int row, int anchor) const {
    return number(values[row * rowStride + anchor * anchorStride]);
  }

  __device__ float probability(int classId, int anchor) const {
    return value(4 + classId, anchor);
  }

  // IoU of the anchor's box, cut to the content, with another. NaN where the box is not finite.
  __device__ float overlap(int anchor, const Corners& box) const {
    const float x = value(0, anchor);
    const float y = value(1, anchor);
    const float width = value(2, anchor);
    const float height = value(3, anchor);
    // Cutting hides infinity, so it is looked for before.
    if (!finite(fabsf(x) + fabsf(y) + fabsf(width) + fabsf(height))) {
      return not_a_number();
    }
    const float halfWidth = width * 0.5f;
    const float halfHeight = height * 0.5f;
    return iou({fmaxf(x - halfWidth, content.x1), fmaxf(y - halfHeight, content.y1),
                fminf(x + halfWidth, content.x2), fminf(y + halfHeight, content.y2)},
               box);
  }

  // Cosine between an anchor's vector of class probabilities and the target's.
  __device__ float cosine(int anchor, const float* vector) const {
    float dot = 0.0f;
    float left = 0.0f;
    float right = 0.0f;
    for (int c = 0; c < classes; c++) {
      const float p = probability(c, anchor);
      dot += p * vector[c];
      left += p * p;
      right += vector[c] * vector[c];
    }
    if (!finite(dot)) {
      return not_a_number();
    }
    return left > 0.0f && right > 0.0f
               ? static_cast<float>(dot / sqrt(static_cast<double>(left) * right))
               : 0.0f;
  }

  // IoU times probability. An anchor without probability has no say, whatever its box is.
  __device__ float likelihood(int anchor, const Corners& box, int classId) const {
    const float p = probability(classId, anchor);
    if (p <= 0.0f) {
      return 0.0f;
    }
    return finite(p) ? p * overlap(anchor, box) : not_a_number();
  }

  // IoU times cosine.
  __device__ float likeness(int anchor, const Corners& box, const float* vector) const {
    const float shared = overlap(anchor, box);
    return shared == 0.0f ? 0.0f : shared * cosine(anchor, vector);
  }
};

// The greatest of the block's values, in thread 0; NaN where any is.
__device__ inline float block_best(float best) {
  __shared__ float warps[kScoreThreads / kWarpLanes];
  const int thread = static_cast<int>(threadIdx.x);
#pragma unroll
  for (int mask = kWarpLanes / 2; mask > 0; mask /= 2) {
    best = worst_or_best(best, __shfl_xor_sync(0xffffffffu, best, mask));
  }
  if (thread % kWarpLanes == 0) {
    warps[thread / kWarpLanes] = best;
  }
  __syncthreads();
#pragma unroll
  for (int warp = 0; warp < kScoreThreads / kWarpLanes; warp++) {
    best = worst_or_best(best, warps[warp]);
  }
  return best;
}

template <typename T>
__device__ inline void score(const T* output, const Wave* wave, int rows, int anchors,
                             int anchorsFirst, int classes, const float* boxes,
                             const std::int32_t* classIds, const float* vectors, int targets,
                             const Corners& content, float* scores) {
  const std::int64_t image = blockIdx.y;
  if (image >= wave->count) {
    return;  // the whole block
  }
  const int target = static_cast<int>(blockIdx.x);
  const Head<T> head = {output + image * rows * anchors, anchorsFirst != 0 ? 1 : anchors,
                        anchorsFirst != 0 ? rows : 1, classes, content};
  const Corners box = {boxes[4 * target], boxes[4 * target + 1], boxes[4 * target + 2],
                       boxes[4 * target + 3]};
  const int classId = classIds[target];
  const float* const vector = vectors != nullptr ? vectors + target * classes : nullptr;
  float best = 0.0f;
  for (int a = static_cast<int>(threadIdx.x); a < anchors; a += kScoreThreads) {
    best = worst_or_best(best, vector != nullptr ? head.likeness(a, box, vector)
                                                 : head.likelihood(a, box, classId));
  }
  best = block_best(best);
  if (threadIdx.x == 0) {
    scores[image * targets + target] = best;
  }
}

}  // namespace

extern "C" __global__ void __launch_bounds__(kScoreThreads)
    score_f32(const float* output, const Wave* wave, int rows, int anchors, int anchorsFirst,
              int classes, const float* boxes, const std::int32_t* classIds, const float* vectors,
              int targets, float contentX1, float contentY1, float contentX2, float contentY2,
              float* scores) {
  score(output, wave, rows, anchors, anchorsFirst, classes, boxes, classIds, vectors, targets,
        {contentX1, contentY1, contentX2, contentY2}, scores);
}

extern "C" __global__ void __launch_bounds__(kScoreThreads)
    score_f16(const std::uint16_t* output, const Wave* wave, int rows, int anchors,
              int anchorsFirst, int classes, const float* boxes, const std::int32_t* classIds,
              const float* vectors, int targets, float contentX1, float contentY1, float contentX2,
              float contentY2, float* scores) {
  score(output, wave, rows, anchors, anchorsFirst, classes, boxes, classIds, vectors, targets,
        {contentX1, contentY1, contentX2, contentY2}, scores);
}

WHYBOX_KERNEL(score_f32)
WHYBOX_KERNEL(score_f16)
