// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// A stand-in for NVIDIA's driver: the functions of libcuda.so.1 that Whybox calls, with the memory
// of the "GPU" on the host and the kernels compiled for the host (host/host_library.h). For tests on
// machines without a GPU; it knows nothing that NVIDIA's own libraries would need.
//
// It is stricter than the real one. Work on a stream is done when somebody waits for it, not before,
// so what is read too early is wrong. So is filling memory, and the second half of copying to the
// GPU from memory that is not pinned: they are done on the default stream, for which Whybox's own
// streams do not wait. It answers with an error and logs a line where a call uses
// freed or foreign memory, reaches past its end, comes from a thread without a context, waits or
// allocates while a stream records, frees twice, copies asynchronously from memory that is not
// pinned, or launches with the wrong parameters. Freed memory is kept and checked for writes; every
// piece of memory has guards before and after. What is left at the end counts as a leak.
//
// Settings, as an environment variable WHYBOX_DOUBLE_NAME or through DriverDouble.set(NAME, value):
//   DEVICES          how many GPUs (1)
//   OLD_DEVICES      how many of them, the first, are sm_66; the others are sm_86
//   DRIVER           the driver's version (13000)
//   OOM_AT           the k-th allocation from here on finds no memory; 0 for none
//   OOM_FROM         no memory from the k-th allocation on
//   LAUNCH_FAILS_AT  the k-th kernel that runs fails, and with it the context, as on a real GPU
//   LAUNCH_REFUSED_AT  the k-th call of cuLaunchKernel is refused
//   LOST_AT          from the k-th call on, every call fails
//   CAPTURE_FAILS    1: nothing can be recorded
//   DESCENDING       1: threads and blocks run in descending order
//
// Build: see DriverDouble.java.

#include <jni.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "host/host_library.h"

namespace {

// Error codes of cuda.h.
enum Result {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNotInitialized = 3,
  kNoDevice = 100,
  kInvalidDevice = 101,
  kInvalidImage = 200,
  kInvalidContext = 201,
  kInvalidHandle = 400,
  kNotFound = 500,
  kIllegalAddress = 700,
  kOutOfResources = 701,
  kLaunchFailed = 719,
  kCaptureUnsupported = 900,
  kCaptureInvalidated = 901,
  kUnknown = 999,
};

constexpr std::size_t kGuard = 256;
constexpr unsigned char kGuardByte = 0xf7;
constexpr unsigned char kFreshByte = 0xff;  // as floats: not a number
constexpr unsigned char kFreedByte = 0xdd;

struct Block {
  std::vector<unsigned char> bytes;
  std::size_t size;
  bool pinned;
  bool reported = false;  // once is enough

  Block(std::size_t size, bool pinned)
      : bytes(size + 2 * kGuard, kGuardByte), size(size), pinned(pinned) {
    std::memset(start(), kFreshByte, size);
  }
  unsigned char* start() { return bytes.data() + kGuard; }
  bool guards_hold() {
    return all(bytes.data(), kGuard, kGuardByte) && all(start() + size, kGuard, kGuardByte);
  }
  bool still_freed() { return all(start(), size, kFreedByte); }

 private:
  // The first is the value, and each is what the one before is. Freed images are megabytes, and they
  // are looked at after every piece of work.
  static bool all(const unsigned char* at, std::size_t count, unsigned char value) {
    return at[0] == value && std::memcmp(at, at + 1, count - 1) == 0;
  }
};

struct Work {
  std::string what;
  std::function<int()> run;
};

struct Context {
  int device;
  int users = 0;
  std::vector<Work> defaults;  // what the default stream has still to do
};

struct Stream {
  Context* context;
  std::vector<Work> pending;
  bool recording = false;
  bool invalid = false;
  std::thread::id recorder;
  std::vector<Work> recorded;
};

struct Graph {
  std::vector<Work> works;
};

struct Executable {
  std::vector<Work> works;
};

struct Module {
  Context* context;
};

std::recursive_mutex mutex;
std::map<std::string, long> settings;
std::string log_lines;
bool initialized = false;
int broken = kSuccess;  // sticky, as after a failed kernel
long calls = 0, allocations = 0, launches = 0, kernels_run = 0, misuses = 0;

std::map<int, Context> contexts;
std::map<std::uintptr_t, std::unique_ptr<Block>> blocks;
std::vector<std::unique_ptr<Block>> freed;
std::set<Stream*> streams;
std::set<Graph*> graphs;
std::set<Executable*> executables;
std::set<Module*> modules;
thread_local Context* current = nullptr;

long setting(const char* name, long usual) {
  auto known = settings.find(name);
  if (known != settings.end()) return known->second;
  const char* text = std::getenv((std::string("WHYBOX_DOUBLE_") + name).c_str());
  return text == nullptr ? usual : std::atol(text);
}

int misuse(int code, const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  misuses++;
  log_lines += std::string(line) + "\n";
  std::fprintf(stderr, "driver double: %s\n", line);
  return code;
}

// What every call begins with: counts it, and fails it where the GPU is lost or broken.
int enter(const char* call, bool needs_context) {
  calls++;
  long lost = setting("LOST_AT", 0);
  if (lost > 0 && calls >= lost) broken = kUnknown;
  if (!initialized) return misuse(kNotInitialized, "%s before cuInit", call);
  if (needs_context && current == nullptr) {
    return misuse(kInvalidContext, "%s on a thread without a context", call);
  }
  if (needs_context && current->users == 0) {
    return misuse(kInvalidContext, "%s after the context was given back", call);
  }
  return broken;
}

// Whether a call that waits or allocates comes while this thread records.
int not_recording(const char* call) {
  for (Stream* stream : streams) {
    if (stream->recording && stream->recorder == std::this_thread::get_id()) {
      stream->invalid = true;
      return misuse(kCaptureUnsupported, "%s while a stream records", call);
    }
  }
  return kSuccess;
}

Block* find(std::uintptr_t address, std::size_t size, bool pinned) {
  auto next = blocks.upper_bound(address);
  if (next == blocks.begin()) return nullptr;
  auto at = std::prev(next);
  Block* block = at->second.get();
  bool inside = size <= block->size && address - at->first <= block->size - size;
  return inside && block->pinned == pinned ? block : nullptr;
}

int check_memory(const char* after) {
  for (auto& [address, block] : blocks) {
    if (!block->reported && !block->guards_hold()) {
      block->reported = true;
      return misuse(kIllegalAddress, "%s wrote past a piece of memory of %zu bytes", after,
                    block->size);
    }
  }
  for (auto& block : freed) {
    if (!block->reported && (!block->guards_hold() || !block->still_freed())) {
      block->reported = true;
      return misuse(kIllegalAddress, "%s wrote to freed memory", after);
    }
  }
  return kSuccess;
}

int finish(std::vector<Work>& pending) {
  std::vector<Work> works;
  works.swap(pending);
  for (Work& work : works) {
    if (broken != kSuccess) return broken;
    int code = work.run();
    if (code == kSuccess) code = check_memory(work.what.c_str());
    if (code != kSuccess) {
      broken = code;
      return code;
    }
  }
  return kSuccess;
}

int finish_all() {
  int code = current == nullptr ? kSuccess : finish(current->defaults);
  if (code != kSuccess) return code;
  for (Stream* stream : streams) {
    code = stream->recording ? kSuccess : finish(stream->pending);
    if (code != kSuccess) return code;
  }
  return kSuccess;
}

int stream_of(const char* call, Stream* stream) {
  if (streams.count(stream) == 0) return misuse(kInvalidHandle, "%s on no stream", call);
  if (stream->context != current) {
    return misuse(kInvalidContext, "%s on a stream of another context", call);
  }
  return kSuccess;
}

int put(Stream* stream, Work work) {
  (stream->recording ? stream->recorded : stream->pending).push_back(std::move(work));
  return kSuccess;
}

int allocate(const char* call, std::size_t size, bool pinned, std::uintptr_t* address) {
  int code = enter(call, true);
  if (code == kSuccess) code = not_recording(call);
  if (code != kSuccess) return code;
  if (size == 0) return misuse(kInvalidValue, "%s of 0 bytes", call);
  long from = setting("OOM_FROM", 0);
  allocations++;
  if (allocations == setting("OOM_AT", 0) || (from > 0 && allocations >= from)) {
    return kOutOfMemory;
  }
  auto block = std::make_unique<Block>(size, pinned);
  *address = reinterpret_cast<std::uintptr_t>(block->start());
  blocks[*address] = std::move(block);
  return kSuccess;
}

// Frees even where the GPU is lost: who frees has not leaked.
int release(const char* call, std::uintptr_t address, bool pinned) {
  int code = enter(call, true);
  auto at = blocks.find(address);
  if (at == blocks.end() || at->second->pinned != pinned) {
    return misuse(kInvalidValue, "%s of memory that is not allocated", call);
  }
  int recording = not_recording(call);
  if (recording != kSuccess) return recording;
  int done = finish_all();
  if (!at->second->reported && !at->second->guards_hold()) {
    at->second->reported = true;
    code = misuse(kIllegalAddress, "%s finds a guard overwritten", call);
  }
  std::memset(at->second->start(), kFreedByte, at->second->size);
  freed.push_back(std::move(at->second));
  blocks.erase(at);
  return code == kSuccess ? done : code;
}

template <typename T>
int destroy(const char* call, std::set<T*>& known, T* handle) {
  int code = enter(call, true);
  if (known.erase(handle) == 0) return misuse(kInvalidHandle, "%s of nothing, or twice", call);
  delete handle;
  return code;
}

using Guard = std::lock_guard<std::recursive_mutex>;

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT int cuInit(unsigned) {
  Guard guard(mutex);
  if (setting("DEVICES", 1) == 0) return kNoDevice;
  initialized = true;
  return kSuccess;
}

EXPORT int cuDriverGetVersion(int* version) {
  Guard guard(mutex);
  *version = static_cast<int>(setting("DRIVER", 13000));
  return kSuccess;
}

EXPORT int cuGetErrorName(int code, const char** name) {
  switch (code) {
    case kInvalidValue: *name = "CUDA_ERROR_INVALID_VALUE"; break;
    case kOutOfMemory: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case kNoDevice: *name = "CUDA_ERROR_NO_DEVICE"; break;
    case kInvalidDevice: *name = "CUDA_ERROR_INVALID_DEVICE"; break;
    case kInvalidImage: *name = "CUDA_ERROR_INVALID_IMAGE"; break;
    case kNotFound: *name = "CUDA_ERROR_NOT_FOUND"; break;
    case kIllegalAddress: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case kOutOfResources: *name = "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"; break;
    case kLaunchFailed: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    case kCaptureUnsupported: *name = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"; break;
    case kCaptureInvalidated: *name = "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"; break;
    case kUnknown: *name = "CUDA_ERROR_UNKNOWN"; break;
    default: *name = nullptr; return kInvalidValue;
  }
  return kSuccess;
}

EXPORT int cuGetErrorString(int code, const char** words) {
  switch (code) {
    case kOutOfMemory: *words = "out of memory"; break;
    case kNoDevice: *words = "no CUDA-capable device is detected"; break;
    default: *words = "see the log of the driver double"; break;
  }
  return kSuccess;
}

EXPORT int cuDeviceGetCount(int* count) {
  Guard guard(mutex);
  *count = static_cast<int>(setting("DEVICES", 1));
  return enter("cuDeviceGetCount", false);
}

EXPORT int cuDeviceGet(int* device, int number) {
  Guard guard(mutex);
  *device = number;
  int code = enter("cuDeviceGet", false);
  return code != kSuccess ? code
         : number < 0 || number >= setting("DEVICES", 1) ? kInvalidDevice
                                                         : kSuccess;
}

EXPORT int cuDeviceGetName(char* name, int size, int device) {
  Guard guard(mutex);
  std::snprintf(name, size, "Driver double %d", device);
  return enter("cuDeviceGetName", false);
}

EXPORT int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  Guard guard(mutex);
  *bytes = std::size_t{1} << 30;
  return enter("cuDeviceTotalMem", false);
}

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int device) {
  Guard guard(mutex);
  int code = enter("cuDeviceGetAttribute", false);
  if (code != kSuccess) return code;
  switch (attribute) {
    case 75: *value = device < setting("OLD_DEVICES", 0) ? 6 : 8; return kSuccess;  // major
    case 76: *value = 6; return kSuccess;  // compute capability, minor
    default: return misuse(kInvalidValue, "cuDeviceGetAttribute of unknown number %d", attribute);
  }
}

EXPORT int cuDevicePrimaryCtxRetain(Context** context, int device) {
  Guard guard(mutex);
  int code = enter("cuDevicePrimaryCtxRetain", false);
  if (code != kSuccess) return code;
  Context& primary = contexts[device];
  primary.device = device;
  primary.users++;
  *context = &primary;
  return kSuccess;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
  Guard guard(mutex);
  int code = enter("cuDevicePrimaryCtxRelease", false);
  Context& primary = contexts[device];
  if (primary.users == 0) {
    return misuse(kInvalidContext, "cuDevicePrimaryCtxRelease more often than Retain");
  }
  // The last user takes a failed kernel's error with it, as on a real GPU.
  if (primary.users == 1) primary.defaults.clear();
  if (--primary.users == 0 && broken != kUnknown) broken = kSuccess;
  return code;
}

EXPORT int cuCtxSetCurrent(Context* context) {
  Guard guard(mutex);
  int code = enter("cuCtxSetCurrent", false);
  current = context;
  return code;
}

EXPORT int cuModuleLoadData(Module** module, const void* image) {
  Guard guard(mutex);
  int code = enter("cuModuleLoadData", true);
  if (code == kSuccess) code = not_recording("cuModuleLoadData");
  if (code != kSuccess) return code;
  // A fat binary's magic number, or the word by which tests name the host's kernels.
  std::uint32_t magic;
  std::memcpy(&magic, image, sizeof magic);
  if (magic != 0xba55ed50 && std::strcmp(static_cast<const char*>(image), "host kernels") != 0) {
    return kInvalidImage;
  }
  *module = new Module{current};
  modules.insert(*module);
  return kSuccess;
}

EXPORT int cuModuleUnload(Module* module) {
  Guard guard(mutex);
  return destroy("cuModuleUnload", modules, module);
}

EXPORT int cuModuleGetFunction(const WhyboxKernel** function, Module* module, const char* name) {
  Guard guard(mutex);
  int code = enter("cuModuleGetFunction", true);
  if (code != kSuccess) return code;
  if (modules.count(module) == 0) return misuse(kInvalidHandle, "cuModuleGetFunction of no module");
  *function = whybox_find_kernel(name);
  return *function == nullptr ? misuse(kNotFound, "no kernel is called %s", name) : kSuccess;
}

EXPORT int cuMemAlloc_v2(std::uintptr_t* address, std::size_t size) {
  Guard guard(mutex);
  return allocate("cuMemAlloc", size, false, address);
}

EXPORT int cuMemFree_v2(std::uintptr_t address) {
  Guard guard(mutex);
  return release("cuMemFree", address, false);
}

EXPORT int cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
  Guard guard(mutex);
  int code = enter("cuMemGetInfo", true);
  if (code != kSuccess) return code;
  *total = std::size_t(1) << 30;
  *free = *total;
  for (auto& [address, block] : blocks) {
    if (!block->pinned) *free -= block->size;
  }
  return kSuccess;
}

EXPORT int cuMemHostAlloc(void** address, std::size_t size, unsigned) {
  Guard guard(mutex);
  std::uintptr_t found = 0;
  int code = allocate("cuMemHostAlloc", size, true, &found);
  if (code == kSuccess) *address = reinterpret_cast<void*>(found);
  return code;
}

EXPORT int cuMemFreeHost(void* address) {
  Guard guard(mutex);
  return release("cuMemFreeHost", reinterpret_cast<std::uintptr_t>(address), true);
}

// The default stream writes to the GPU's memory.
static int put_default(const char* call, std::uintptr_t target, std::size_t size,
                       std::vector<unsigned char> bytes) {
  auto values = std::make_shared<std::vector<unsigned char>>(std::move(bytes));
  std::string name = call;
  current->defaults.push_back({name, [=] {
                                 if (find(target, size, false) == nullptr) {
                                   return misuse(kIllegalAddress, "%s: its memory was freed",
                                                 name.c_str());
                                 }
                                 std::memcpy(reinterpret_cast<void*>(target), values->data(), size);
                                 return static_cast<int>(kSuccess);
                               }});
  return kSuccess;
}

EXPORT int cuMemcpyHtoD_v2(std::uintptr_t target, const void* source, std::size_t size) {
  Guard guard(mutex);
  int code = enter("cuMemcpyHtoD", true);
  if (code == kSuccess) code = not_recording("cuMemcpyHtoD");
  if (code != kSuccess) return code;
  if (find(target, size, false) == nullptr) {
    return misuse(kInvalidValue, "cuMemcpyHtoD of %zu bytes to memory that is not there", size);
  }
  // Read now, there later.
  auto* from = static_cast<const unsigned char*>(source);
  return put_default("cuMemcpyHtoD", target, size, std::vector<unsigned char>(from, from + size));
}

EXPORT int cuMemcpyDtoH_v2(void* target, std::uintptr_t source, std::size_t size) {
  Guard guard(mutex);
  int code = enter("cuMemcpyDtoH", true);
  if (code == kSuccess) code = not_recording("cuMemcpyDtoH");
  if (code != kSuccess) return code;
  if (find(source, size, false) == nullptr) {
    return misuse(kInvalidValue, "cuMemcpyDtoH of %zu bytes from memory that is not there", size);
  }
  // Streams that do not block are not waited for: their work is not done yet.
  code = finish(current->defaults);
  if (code == kSuccess) std::memcpy(target, reinterpret_cast<void*>(source), size);
  return code;
}

EXPORT int cuMemsetD8_v2(std::uintptr_t target, unsigned char value, std::size_t size) {
  Guard guard(mutex);
  int code = enter("cuMemsetD8", true);
  if (code == kSuccess) code = not_recording("cuMemsetD8");
  if (code != kSuccess) return code;
  if (find(target, size, false) == nullptr) {
    return misuse(kInvalidValue, "cuMemsetD8 of %zu bytes of memory that is not there", size);
  }
  return put_default("cuMemsetD8", target, size, std::vector<unsigned char>(size, value));
}

static int copy_async(const char* call, std::uintptr_t target, std::uintptr_t source,
                      std::size_t size, bool upload, Stream* stream) {
  int code = enter(call, true);
  if (code == kSuccess) code = stream_of(call, stream);
  if (code != kSuccess) return code;
  auto ready = [=] {
    return find(target, size, !upload) != nullptr && find(source, size, upload) != nullptr;
  };
  if (!ready()) {
    return misuse(kInvalidValue, "%s of %zu bytes: not from pinned to device memory or back", call,
                  size);
  }
  std::string name = call;
  return put(stream, {name, [=] {
                        if (!ready()) {
                          return misuse(kIllegalAddress, "%s: its memory was freed", name.c_str());
                        }
                        std::memcpy(reinterpret_cast<void*>(target),
                                    reinterpret_cast<void*>(source), size);
                        return static_cast<int>(kSuccess);
                      }});
}

EXPORT int cuMemcpyHtoDAsync_v2(std::uintptr_t target, const void* source, std::size_t size,
                                Stream* stream) {
  Guard guard(mutex);
  return copy_async("cuMemcpyHtoDAsync", target, reinterpret_cast<std::uintptr_t>(source), size,
                    true, stream);
}

EXPORT int cuMemcpyDtoHAsync_v2(void* target, std::uintptr_t source, std::size_t size,
                                Stream* stream) {
  Guard guard(mutex);
  return copy_async("cuMemcpyDtoHAsync", reinterpret_cast<std::uintptr_t>(target), source, size,
                    false, stream);
}

EXPORT int cuStreamCreate(Stream** stream, unsigned) {
  Guard guard(mutex);
  int code = enter("cuStreamCreate", true);
  if (code == kSuccess) code = not_recording("cuStreamCreate");
  if (code != kSuccess) return code;
  *stream = new Stream{};
  (*stream)->context = current;
  streams.insert(*stream);
  return kSuccess;
}

EXPORT int cuStreamDestroy_v2(Stream* stream) {
  Guard guard(mutex);
  if (streams.count(stream) != 0 && stream->recording) {
    misuse(kInvalidValue, "cuStreamDestroy of a stream that records");
  }
  return destroy("cuStreamDestroy", streams, stream);
}

EXPORT int cuStreamSynchronize(Stream* stream) {
  Guard guard(mutex);
  int code = enter("cuStreamSynchronize", true);
  bool is_default = stream == nullptr;
  if (code == kSuccess && !is_default) code = stream_of("cuStreamSynchronize", stream);
  if (code == kSuccess) code = not_recording("cuStreamSynchronize");
  return code == kSuccess ? finish(is_default ? current->defaults : stream->pending) : code;
}

EXPORT int cuStreamBeginCapture_v2(Stream* stream, int) {
  Guard guard(mutex);
  int code = enter("cuStreamBeginCapture", true);
  if (code == kSuccess) code = stream_of("cuStreamBeginCapture", stream);
  if (code != kSuccess) return code;
  if (stream->recording) return misuse(kInvalidValue, "cuStreamBeginCapture twice");
  if (setting("CAPTURE_FAILS", 0) == 1) return kCaptureUnsupported;
  stream->recording = true;
  stream->invalid = false;
  stream->recorder = std::this_thread::get_id();
  stream->recorded.clear();
  return kSuccess;
}

EXPORT int cuStreamEndCapture(Stream* stream, Graph** graph) {
  Guard guard(mutex);
  *graph = nullptr;
  int code = enter("cuStreamEndCapture", true);
  int valid = stream_of("cuStreamEndCapture", stream);
  if (valid != kSuccess) return valid;
  if (!stream->recording || stream->recorder != std::this_thread::get_id()) {
    return misuse(kInvalidValue, "cuStreamEndCapture without its begin on this thread");
  }
  stream->recording = false;
  if (code != kSuccess) return code;
  if (stream->invalid) return kCaptureInvalidated;
  *graph = new Graph{std::move(stream->recorded)};
  graphs.insert(*graph);
  return kSuccess;
}

EXPORT int cuGraphInstantiateWithFlags(Executable** executable, Graph* graph, unsigned long long) {
  Guard guard(mutex);
  int code = enter("cuGraphInstantiate", true);
  if (code != kSuccess) return code;
  if (graphs.count(graph) == 0) return misuse(kInvalidHandle, "cuGraphInstantiate of no graph");
  *executable = new Executable{graph->works};
  executables.insert(*executable);
  return kSuccess;
}

EXPORT int cuGraphDestroy(Graph* graph) {
  Guard guard(mutex);
  return destroy("cuGraphDestroy", graphs, graph);
}

EXPORT int cuGraphExecDestroy(Executable* executable) {
  Guard guard(mutex);
  return destroy("cuGraphExecDestroy", executables, executable);
}

EXPORT int cuGraphLaunch(Executable* executable, Stream* stream) {
  Guard guard(mutex);
  int code = enter("cuGraphLaunch", true);
  if (code == kSuccess) code = stream_of("cuGraphLaunch", stream);
  if (code != kSuccess) return code;
  if (executables.count(executable) == 0) {
    return misuse(kInvalidHandle, "cuGraphLaunch of no graph");
  }
  for (const Work& work : executable->works) put(stream, work);
  return kSuccess;
}

EXPORT int cuLaunchKernel(const WhyboxKernel* kernel, unsigned gx, unsigned gy, unsigned gz,
                          unsigned bx, unsigned by, unsigned bz, unsigned shared, Stream* stream,
                          void** parameters, void** extra) {
  Guard guard(mutex);
  int code = enter("cuLaunchKernel", true);
  if (code == kSuccess) code = stream_of("cuLaunchKernel", stream);
  if (code != kSuccess) return code;
  if (++launches == setting("LAUNCH_REFUSED_AT", 0)) return kOutOfResources;
  if (shared != 0 || extra != nullptr) {
    return misuse(kInvalidValue, "%s: shared memory or extra parameters", kernel->name);
  }
  // Whybox ends the list of parameters with a null; a real driver would not look.
  int count = 0;
  while (parameters[count] != nullptr) count++;
  if (count != kernel->parameters) {
    return misuse(kInvalidValue, "%s: %d parameters instead of %d", kernel->name, count,
                  kernel->parameters);
  }
  auto values = std::make_shared<std::vector<std::uint64_t>>(count);
  for (int i = 0; i < count; i++) {
    std::memcpy(&(*values)[i], parameters[i], kernel->sizes[i]);
  }
  return put(stream, {kernel->name, [=] {
                        if (++kernels_run == setting("LAUNCH_FAILS_AT", 0)) {
                          return static_cast<int>(kLaunchFailed);
                        }
                        std::vector<void*> places;
                        for (auto& value : *values) places.push_back(&value);
                        whybox_set_descending(static_cast<int>(setting("DESCENDING", 0)));
                        int result = whybox_launch(kernel, gx, gy, gz, bx, by, bz, places.data());
                        return result == WHYBOX_OK
                                   ? static_cast<int>(kSuccess)
                                   : misuse(kLaunchFailed, "%s: launch error %d", kernel->name,
                                            result);
                      }});
}

EXPORT int cuLaunchHostFunc(Stream* stream, void (*function)(void*), void* data) {
  Guard guard(mutex);
  int code = enter("cuLaunchHostFunc", true);
  if (code == kSuccess) code = stream_of("cuLaunchHostFunc", stream);
  if (code != kSuccess) return code;
  if (function == nullptr) return misuse(kInvalidValue, "cuLaunchHostFunc of no function");
  return put(stream, {"a host function", [=] {
                        function(data);
                        return static_cast<int>(kSuccess);
                      }});
}

// ---- what tests ask and set ---------------------------------------------------------------------

EXPORT void Java_dev_whybox_cuda_DriverDouble_put(JNIEnv* env, jclass, jstring name, jlong value) {
  Guard guard(mutex);
  const char* text = env->GetStringUTFChars(name, nullptr);
  settings[text] = static_cast<long>(value);
  env->ReleaseStringUTFChars(name, text);
}

// Forgets settings, counts, the log and what is broken; what is allocated stays.
EXPORT void Java_dev_whybox_cuda_DriverDouble_reset(JNIEnv*, jclass) {
  Guard guard(mutex);
  settings.clear();
  log_lines.clear();
  freed.clear();
  for (auto& [device, context] : contexts) context.defaults.clear();
  broken = kSuccess;
  calls = allocations = launches = kernels_run = misuses = 0;
}

EXPORT jlong Java_dev_whybox_cuda_DriverDouble_count(JNIEnv* env, jclass, jstring name) {
  Guard guard(mutex);
  const char* text = env->GetStringUTFChars(name, nullptr);
  std::string which = text;
  env->ReleaseStringUTFChars(name, text);
  if (which == "calls") return calls;
  if (which == "allocations") return allocations;
  if (which == "launches") return launches;
  if (which == "kernels") return kernels_run;
  if (which == "misuses") return misuses;
  long users = 0;
  for (auto& [device, context] : contexts) users += context.users;
  return static_cast<jlong>(blocks.size() + streams.size() + graphs.size() + executables.size() +
                            modules.size() + users);
}

EXPORT jstring Java_dev_whybox_cuda_DriverDouble_log(JNIEnv* env, jclass) {
  Guard guard(mutex);
  check_memory("something");
  return env->NewStringUTF(log_lines.c_str());
}
