// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Checks of the kernels that need no Java: built with AddressSanitizer and UndefinedBehaviorSanitizer,
// so every array ends where its allocation ends. What kernels compute is compared with Java by the
// tests called ...KernelTest; here it must not depend on the order of threads, nor on how a run is
// cut into waves, and the parts have their published or exhaustive answers.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <tuple>
#include <vector>

#include "designs.h"
#include "half.h"
#include "host/host_library.h"

namespace {

void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "FAILED: %s\n", what);
    std::exit(1);
  }
}

unsigned ceiling(int a, int b) { return static_cast<unsigned>((a + b - 1) / b); }

template <typename... P>
void launch(const char* name, unsigned gridX, unsigned gridY, unsigned blockX, unsigned blockY,
            P... values) {
  const WhyboxKernel* kernel = whybox_find_kernel(name);
  require(kernel != nullptr, name);
  const std::size_t sizes[] = {sizeof(P)...};
  require(kernel->parameters == static_cast<int>(sizeof...(P)), name);
  for (std::size_t i = 0; i < sizeof...(P); i++) {
    require(kernel->sizes[i] == sizes[i], name);
  }
  void* parameters[] = {&values...};
  require(whybox_launch(kernel, gridX, gridY, 1, blockX, blockY, 1, parameters) == WHYBOX_OK, name);
}

// Random123, tests/kat_vectors.
void philox_known_answers() {
  struct {
    std::uint64_t seed;
    std::int64_t sample;
    std::uint32_t block;
    std::uint32_t stream;
    std::uint32_t words[4];
  } cases[] = {
      {0, 0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {~0ull, -1, ~0u, ~0u, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {0x299f31d0a4093822ull,
       static_cast<std::int64_t>(0x85a308d3243f6a88ull),
       0x13198a2e,
       0x03707344,
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (const auto& c : cases) {
    const PhiloxWords words = philox(c.seed, c.sample, c.block, c.stream);
    for (int i = 0; i < 4; i++) {
      require(words.word[i] == c.words[i], "Philox gives Random123's words");
    }
  }
}

// Every half comes back, and what lies between two neighbours goes to the nearer one, ties to even.
void halves_round_to_nearest() {
  require(from_half(0x3c00) == 1.0f && from_half(0x0001) == std::ldexp(1.0f, -24) &&
              from_half(0x7bff) == 65504.0f && from_half(0xc000) == -2.0f,
          "halves are what IEEE 754 says");
  for (int bits = 0; bits < 0x7c00; bits++) {
    const auto half = static_cast<std::uint16_t>(bits);
    const auto next = static_cast<std::uint16_t>(bits + 1);
    require(to_half(from_half(half)) == half, "a half comes back");
    require(to_half(-from_half(half)) == (half | 0x8000), "a negative half comes back");
    const float upper = next == 0x7c00 ? 65536.0f : from_half(next);
    const float middle = from_half(half) + (upper - from_half(half)) / 2;
    require(to_half(middle) == (bits % 2 == 0 ? half : next), "a tie goes to the even half");
    require(to_half(std::nextafter(middle, 0.0f)) == half, "below the middle, down");
    require(to_half(std::nextafter(middle, 1e9f)) == next, "above the middle, up");
  }
  require(to_half(INFINITY) == 0x7c00 && to_half(1e9f) == 0x7c00, "what is too large is infinite");
  require(std::isnan(from_half(to_half(NAN))), "NaN stays NaN");
}

// A kernel of this file, in which half of the block waits in vain.
void half_waits(int* ended) {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
  }
  ++*ended;
}
WHYBOX_KERNEL(half_waits)

// Without the barrier, a thread would read what its neighbour has not written yet.
void neighbours(const int* from, int* to) {
  __shared__ int values[64];
  values[threadIdx.x] = from[threadIdx.x];
  __syncthreads();
  to[threadIdx.x] = values[63 - threadIdx.x];
}
WHYBOX_KERNEL(neighbours)

void barriers_and_geometry() {
  int ended = 0;
  int* pointer = &ended;
  void* parameters[] = {&pointer};
  const WhyboxKernel* kernel = whybox_find_kernel("half_waits");
  require(whybox_launch(kernel, 1, 1, 1, 64, 1, 1, parameters) == WHYBOX_BARRIER_DIVERGED,
          "a barrier that some threads never reach is found");
  require(whybox_launch(kernel, 0, 1, 1, 64, 1, 1, parameters) == WHYBOX_BAD_GEOMETRY &&
              whybox_launch(kernel, 1, 1, 1, 1025, 1, 1, parameters) == WHYBOX_BAD_GEOMETRY,
          "a grid of nothing and a block of too much are refused");
  std::vector<int> from(64);
  for (int i = 0; i < 64; i++) {
    from[static_cast<std::size_t>(i)] = i;
  }
  for (int descending = 0; descending < 2; descending++) {
    whybox_set_descending(descending);
    std::vector<int> to(64);
    launch("neighbours", 1, 1, 64, 1, static_cast<const int*>(from.data()), to.data());
    for (int i = 0; i < 64; i++) {
      require(to[static_cast<std::size_t>(i)] == 63 - i, "a barrier lets nobody through early");
    }
  }
  whybox_set_descending(0);
}

std::vector<float> random_floats(std::size_t size, float scale) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(0, scale);
  std::vector<float> values(size);
  for (float& value : values) {
    value = uniform(random);
  }
  return values;
}

// What a family computes for the samples of a wave, as bytes.
using Bytes = std::vector<unsigned char>;

template <typename T>
void append(Bytes& bytes, const std::vector<T>& values) {
  const auto* from = reinterpret_cast<const unsigned char*>(values.data());
  bytes.insert(bytes.end(), from, from + values.size() * sizeof(T));
}

// Twice, in both orders of threads; the results must be the same.
template <typename F>
Bytes in_any_order(F&& run, const char* what) {
  whybox_set_descending(0);
  const Bytes ascending = run();
  whybox_set_descending(1);
  require(run() == ascending, what);
  whybox_set_descending(0);
  return ascending;
}

std::vector<std::uint64_t> some_limits(int players) {
  std::vector<std::uint64_t> limits;
  for (int k = 1; k < players; k++) {
    limits.push_back((1ull << 32) * static_cast<unsigned>(k) / static_cast<unsigned>(players - 1));
  }
  return limits;
}

std::vector<std::uint32_t> draw(int design, int players, Wave wave) {
  const std::vector<std::uint64_t> limits = some_limits(players);
  std::vector<std::uint32_t> bits(
      static_cast<std::size_t>(wave.count * coalition_words(players)));
  launch("coalitions", ceiling(static_cast<int>(wave.count), 32), 1, 32, 1,
         static_cast<const Wave*>(&wave), design, players, std::uint64_t{5}, limits.data(),
         bits.data());
  return bits;
}

template <typename T>
Bytes perturb(const char* segments, const char* rise, int width, int height, int players,
              Wave wave) {
  const int plane = width * height;
  const int pixels = 16 / static_cast<int>(sizeof(T));
  const auto values = static_cast<std::size_t>(3 * plane);
  const std::vector<float> image = random_floats(values, 1);
  const std::vector<float> baseline = random_floats(values, 0.5f);
  std::vector<std::uint16_t> labels(static_cast<std::size_t>(plane));
  for (std::size_t i = 0; i < labels.size(); i++) {
    labels[i] = i % 5 == 4 ? kPadding : static_cast<std::uint16_t>(i * 7 % static_cast<unsigned>(players));
  }
  const std::vector<std::uint64_t> limits = some_limits(players);
  const std::vector<std::uint32_t> bits = draw(kUniform, players, wave);
  Bytes all;
  for (int design : {kGiven, kUniform, kShapley}) {
    std::vector<T> input(static_cast<std::size_t>(wave.count) * values);
    launch(segments, ceiling(plane, 256 * pixels), 2, 256, 1, image.data(), baseline.data(),
           static_cast<const std::uint16_t*>(labels.data()), plane,
           static_cast<const Wave*>(&wave), design, players, std::uint64_t{5}, bits.data(),
           limits.data(), input.data());
    append(all, input);
  }
  for (int grid : {1, 3, 64}) {
    std::vector<T> input(static_cast<std::size_t>(wave.count) * values);
    launch(rise, ceiling(height * static_cast<int>(ceiling(width, pixels)), 256), 2, 256, 1,
           image.data(), baseline.data(), width, height, width / 4, 0, width - width / 4, height,
           static_cast<const Wave*>(&wave), grid, 0x80000000u, std::uint64_t{5}, input.data());
    append(all, input);
  }
  return all;
}

void perturbation() {
  for (auto [width, height, players, count] :
       {std::tuple{32, 32, 2, 3}, {33, 17, 33, 5}, {1, 1, 2, 1}, {8, 3, 64, 35}, {7, 40, 1024, 2}}) {
    const Wave wave = {-2, count};
    in_any_order([&] { return perturb<float>("perturb_segments_f32", "perturb_rise_f32", width,
                                             height, players, wave); },
                 "perturbing in FP32 does not depend on the order of threads");
    in_any_order([&] { return perturb<std::uint16_t>("perturb_segments_f16", "perturb_rise_f16",
                                                     width, height, players, wave); },
                 "perturbing in FP16 does not depend on the order of threads");
  }
}

void drawing() {
  for (int players : {2, 31, 32, 33, 64, 65, 1023, 1024}) {
    for (int design : {kUniform, kShapley}) {
      const Wave wave = {0, 70};
      const Bytes whole = in_any_order(
          [&] {
            Bytes bytes;
            append(bytes, draw(design, players, wave));
            return bytes;
          },
          "drawing does not depend on the order of threads");
      Bytes parts;
      append(parts, draw(design, players, {0, 33}));
      append(parts, draw(design, players, {33, 37}));
      require(parts == whole, "a sample does not depend on the wave it is drawn in");
    }
  }
}

void scoring() {
  for (auto [anchors, classes, targets, count] :
       {std::tuple{1, 1, 1, 1}, {255, 3, 2, 2}, {257, 80, 5, 1}, {300, 2, 1, 3}}) {
    const int rows = 4 + classes + 1;
    const std::vector<float> output =
        random_floats(static_cast<std::size_t>(count * rows * anchors), 1);
    std::vector<std::uint16_t> halves;
    for (float value : output) {
      halves.push_back(to_half(value));
    }
    std::vector<float> boxes;
    std::vector<std::int32_t> classIds;
    for (int t = 0; t < targets; t++) {
      boxes.insert(boxes.end(), {0.1f, 0.2f, 0.7f, 0.9f});
      classIds.push_back(t % classes);
    }
    const std::vector<float> vectors = random_floats(static_cast<std::size_t>(targets * classes), 1);
    const Wave wave = {0, count};
    in_any_order(
        [&, anchors = anchors, classes = classes, targets = targets, count = count] {
          Bytes all;
          for (int anchorsFirst : {0, 1}) {
            for (const float* v : {static_cast<const float*>(nullptr), vectors.data()}) {
              std::vector<float> scores(static_cast<std::size_t>(count * targets));
              // One image more than the wave has: its block does nothing.
              launch("score_f32", static_cast<unsigned>(targets), static_cast<unsigned>(count + 1),
                     256, 1, output.data(), &wave, rows, anchors, anchorsFirst, classes,
                     static_cast<const float*>(boxes.data()),
                     static_cast<const std::int32_t*>(classIds.data()), v, targets, 0.0f, 0.0f,
                     1.0f, 1.0f, scores.data());
              append(all, scores);
              launch("score_f16", static_cast<unsigned>(targets), static_cast<unsigned>(count), 256,
                     1, static_cast<const std::uint16_t*>(halves.data()), &wave, rows, anchors,
                     anchorsFirst, classes, static_cast<const float*>(boxes.data()),
                     static_cast<const std::int32_t*>(classIds.data()), v, targets, 0.0f, 0.0f,
                     1.0f, 1.0f, scores.data());
              append(all, scores);
            }
          }
          return all;
        },
        "scoring does not depend on the order of threads");
  }
}

void accumulating() {
  for (int grid : {1, 2, 16, 64}) {
    const int targets = 3;
    const auto points = static_cast<std::size_t>((grid + 2) * (grid + 2));
    const std::vector<float> scores = random_floats(static_cast<std::size_t>(20 * targets), 1);
    const auto sums = [&](std::vector<Wave> waves) {
      std::vector<double> plain(64 * points);
      std::vector<double> weighted(targets * 64 * points);
      const float* from = scores.data();
      for (const Wave& wave : waves) {
        launch("accumulate_rise", ceiling(static_cast<int>(points) + 1, 512), targets + 1, 128, 1,
               from, &wave, grid, 0x80000000u, std::uint64_t{5}, targets, plain.data(),
               weighted.data());
        from += wave.count * targets;
      }
      Bytes all;
      append(all, plain);
      append(all, weighted);
      return all;
    };
    const Bytes whole = in_any_order([&] { return sums({{0, 20}}); },
                                     "accumulating does not depend on the order of threads");
    require(sums({{0, 7}, {7, 13}}) == whole, "RISE's sums do not depend on the waves");
  }
}

void fitting() {
  for (auto [players, targets, count] :
       {std::tuple{2, 1, 1}, {15, 16, 63}, {17, 17, 65}, {100, 2, 130}, {1024, 1, 3}}) {
    const std::vector<std::uint32_t> bits = draw(kUniform, players, {0, count});
    const std::vector<float> scores = random_floats(static_cast<std::size_t>(count * targets), 1);
    const std::vector<float> offsets = random_floats(static_cast<std::size_t>(targets), 0.1f);
    std::vector<double> weights;
    for (int k = 0; k <= players; k++) {
      weights.push_back(1.0 / (1 + k));
    }
    const Wave wave = {0, count};
    in_any_order(
        [&, players = players, targets = targets] {
          std::vector<double> gram(static_cast<std::size_t>(players * players));
          std::vector<double> moments(static_cast<std::size_t>(players * targets));
          // The other kernel has the same loop at a sixtieth of the blocks.
          if (players < kMaxPlayers) {
            launch("normal_gram", ceiling(players, 16), ceiling(players, 16), 16, 16, bits.data(),
                   &wave, players, static_cast<const double*>(weights.data()), gram.data());
          }
          launch("normal_moments", ceiling(players, 16), ceiling(targets, 16), 16, 16, bits.data(),
                 &wave, players, static_cast<const double*>(weights.data()), scores.data(),
                 offsets.data(), targets, moments.data());
          Bytes all;
          append(all, gram);
          append(all, moments);
          return all;
        },
        "the normal equations do not depend on the order of threads");
  }
}

}  // namespace

int main() {
  philox_known_answers();
  halves_round_to_nearest();
  barriers_and_geometry();
  drawing();
  perturbation();
  scoring();
  accumulating();
  fitting();
  std::puts("kernel checks passed");
  return 0;
}
