// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Runs a grid: block after block, the threads of a block as fibers that give way where they wait.

// Its longjmp takes a jump to another stack for an error.
#undef _FORTIFY_SOURCE

#include "cuda_on_host.h"

#include <setjmp.h>
#include <ucontext.h>

#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

Dim3 threadIdx;
Dim3 blockIdx;
Dim3 blockDim;
Dim3 gridDim;

namespace {

constexpr std::size_t kStackBytes = 256 * 1024;  // address space; pages come with use
constexpr unsigned kWarp = 32;
constexpr unsigned kMaxThreads = 1024;

// AddressSanitizer wants to know when the stack changes. Elsewhere these do nothing.
struct StackSwitch {
  void* fake = nullptr;

  void leave([[maybe_unused]] const void* bottom, [[maybe_unused]] std::size_t size) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&fake, bottom, size);
#endif
  }

  void enter([[maybe_unused]] const void** bottom, [[maybe_unused]] std::size_t* size) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, bottom, size);
#endif
  }
};

// Goes from one stack to another. swapcontext asks the kernel for the signal mask each time, which
// takes most of the time of a kernel with barriers; so contexts only begin a stack, and jumps go on.
// AddressSanitizer does not understand the jumps.
class Place {
 public:
  // Stays here until somebody goes back to it.
  void go(Place& to) {
#if defined(__SANITIZE_ADDRESS__)
    swapcontext(&context, &to.context);
#else
    if (_setjmp(jump_) != 0) {
      return;
    }
    if (to.begun_) {
      _longjmp(to.jump_, 1);
    }
    to.begun_ = true;
    setcontext(&to.context);
#endif
  }

  // The thread that is running anyway has begun.
  void is_running() { begun_ = true; }

  ucontext_t context;

 private:
  jmp_buf jump_;
  bool begun_ = false;
};

enum class State { kReady, kAtBlockBarrier, kAtWarpBarrier, kEnded };

// A fiber lives on from block to block, so its stack is made once.
struct Fiber {
  Place place;
  std::unique_ptr<char[]> stack{new char[kStackBytes]};
  StackSwitch stackSwitch;
  State state = State::kEnded;
};

class Machine {
 public:
  int launch(const WhyboxKernel& kernel, Dim3 grid, Dim3 block, void** parameters) {
    kernel_ = &kernel;
    parameters_ = parameters;
    gridDim = grid;
    blockDim = block;
    threads_ = block.x * block.y * block.z;
    const std::uint64_t blocks = std::uint64_t{grid.x} * grid.y * grid.z;
    for (std::uint64_t i = 0; i < blocks; i++) {
      const std::uint64_t b = descending ? blocks - 1 - i : i;
      blockIdx = {static_cast<unsigned>(b % grid.x), static_cast<unsigned>(b / grid.x % grid.y),
                  static_cast<unsigned>(b / grid.x / grid.y)};
      if (!run_block()) {
        fibers_.clear();  // those that wait never come back
        return WHYBOX_BARRIER_DIVERGED;
      }
    }
    return WHYBOX_OK;
  }

  // Called on a fiber: gives way until the scheduler finds that all have come.
  void wait(State state) {
    Fiber& fiber = fibers_[current_];
    fiber.state = state;
    fiber.stackSwitch.leave(mainBottom_, mainSize_);
    fiber.place.go(main_);
    fiber.stackSwitch.enter(&mainBottom_, &mainSize_);
  }

  float exchange(float value, int mask) {
    const unsigned self = current_;
    lanes_[self] = value;
    wait(State::kAtWarpBarrier);
    const float other = lanes_[self ^ static_cast<unsigned>(mask)];
    wait(State::kAtWarpBarrier);
    return other;
  }

  bool descending = false;

 private:
  bool run_block() {
    while (fibers_.size() < threads_) {
      fibers_.emplace_back();
      start(fibers_.back());
    }
    for (unsigned t = 0; t < threads_; t++) {
      fibers_[t].state = State::kReady;
    }
    do {
      for (unsigned i = 0; i < threads_; i++) {
        const unsigned t = descending ? threads_ - 1 - i : i;
        if (fibers_[t].state == State::kReady) {
          resume(t);
        }
      }
    } while (release());
    return ended(0, threads_);
  }

  // Lets go on whose barrier is complete. False where nobody can go on.
  bool release() {
    if (all(0, threads_, State::kAtBlockBarrier)) {
      set_ready(0, threads_);
      return true;
    }
    bool some = false;
    for (unsigned first = 0; first < threads_; first += kWarp) {
      const unsigned end = first + kWarp < threads_ ? first + kWarp : threads_;
      if (all(first, end, State::kAtWarpBarrier)) {
        set_ready(first, end);
        some = true;
      }
    }
    return some;
  }

  bool all(unsigned first, unsigned end, State state) const {
    for (unsigned t = first; t < end; t++) {
      if (fibers_[t].state != state) {
        return false;
      }
    }
    return true;
  }

  bool ended(unsigned first, unsigned end) const { return all(first, end, State::kEnded); }

  void set_ready(unsigned first, unsigned end) {
    for (unsigned t = first; t < end; t++) {
      fibers_[t].state = State::kReady;
    }
  }

  void resume(unsigned t) {
    current_ = t;
    threadIdx = {t % blockDim.x, t / blockDim.x % blockDim.y, t / blockDim.x / blockDim.y};
    Fiber& fiber = fibers_[t];
    mainSwitch_.leave(fiber.stack.get(), kStackBytes);
    main_.is_running();
    main_.go(fiber.place);
    mainSwitch_.enter(nullptr, nullptr);
  }

  void start(Fiber& fiber) {
    ucontext_t& context = fiber.place.context;
    getcontext(&context);
    context.uc_stack.ss_sp = fiber.stack.get();
    context.uc_stack.ss_size = kStackBytes;
    context.uc_link = nullptr;
    makecontext(&context, &Machine::fiber_main, 0);
  }

  static void fiber_main();

  void run_fiber() {
    fibers_[current_].stackSwitch.enter(&mainBottom_, &mainSize_);
    while (true) {
      kernel_->call(parameters_);
      wait(State::kEnded);
    }
  }

  std::deque<Fiber> fibers_;
  float lanes_[kMaxThreads];
  Place main_;
  StackSwitch mainSwitch_;
  const void* mainBottom_ = nullptr;
  std::size_t mainSize_ = 0;
  const WhyboxKernel* kernel_ = nullptr;
  void** parameters_ = nullptr;
  unsigned threads_ = 0;
  unsigned current_ = 0;
};

// The one GPU of the host. Made at its first use and never taken down, so that a launch in a late
// thread of an ending process finds it.
Machine& machine() {
  static Machine* const instance = new Machine();
  return *instance;
}

void Machine::fiber_main() { machine().run_fiber(); }

std::mutex& launches() {
  static std::mutex* const mutex = new std::mutex();
  return *mutex;
}

std::vector<WhyboxKernel>& table() {
  static std::vector<WhyboxKernel>* const kernels = new std::vector<WhyboxKernel>();
  return *kernels;
}

}  // namespace

void __syncthreads() { machine().wait(State::kAtBlockBarrier); }

float __shfl_xor_sync(unsigned, float value, int mask) { return machine().exchange(value, mask); }

host::Entry::Entry(const WhyboxKernel& kernel) { table().push_back(kernel); }

#define WHYBOX_EXPORT extern "C" __attribute__((visibility("default")))

WHYBOX_EXPORT const WhyboxKernel* whybox_kernel(int number) {
  const bool known = number >= 0 && static_cast<std::size_t>(number) < table().size();
  return known ? &table()[static_cast<std::size_t>(number)] : nullptr;
}

WHYBOX_EXPORT const WhyboxKernel* whybox_find_kernel(const char* name) {
  for (const WhyboxKernel& kernel : table()) {
    if (std::strcmp(kernel.name, name) == 0) {
      return &kernel;
    }
  }
  return nullptr;
}

WHYBOX_EXPORT int whybox_launch(const WhyboxKernel* kernel, unsigned gridX, unsigned gridY,
                                unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                                void** parameters) {
  const std::uint64_t threads = std::uint64_t{blockX} * blockY * blockZ;
  if (gridX == 0 || gridY == 0 || gridZ == 0 || threads == 0 || threads > kMaxThreads) {
    return WHYBOX_BAD_GEOMETRY;
  }
  const std::lock_guard<std::mutex> lock(launches());
  return machine().launch(*kernel, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, parameters);
}

WHYBOX_EXPORT void whybox_set_descending(int descending) {
  const std::lock_guard<std::mutex> lock(launches());
  machine().descending = descending != 0;
}
