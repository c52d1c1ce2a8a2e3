// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// A stand-in for TensorRT 10: libnvinfer.so.10 and libnvonnxparser.so.10 as far as Whybox calls
// them, for tests on machines without a GPU. It is called by the real bindings. A "plan" is the ONNX
// graph that the builder got, and ONNX Runtime computes it (TensorRtDouble.java), called by a stream
// of the driver double when that gets there. So what can be shown is that the graph is whole and
// right, that calls come in an order that TensorRT documents, that its objects are destroyed once and
// in the right order, and what Whybox does where a call fails; and nothing about TensorRT itself.
//
// Objects are laid out as the bindings' machine code expects: a pointer to the table of virtual
// functions of the interface, whose first two entries are destructors; a pointer to the
// implementation, which begins with a table of its own. The numbers of entries are those of
// NvInferImpl.h and NvOnnxParser.h, the same in 10.6, 10.12 and 10.15. A call of any other entry
// ends the process and names it.
//
// Settings, through TensorRtDouble.set or as WHYBOX_TENSORRT_DOUBLE_NAME: PARSE_FAILS, BUILD_FAILS,
// LOAD_FAILS, CONTEXT_FAILS, ENQUEUE_FAILS, SHAPE_FAILS, TIMING_REFUSED, each 0 or 1.
//
// Build: see TensorRtDouble.java.

#include <dlfcn.h>
#include <jni.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// The driver double.
extern "C" int cuLaunchHostFunc(void* stream, void (*function)(void*), void* data);
extern "C" int cuMemAlloc_v2(std::uint64_t* place, std::size_t bytes);
extern "C" int cuMemFree_v2(std::uint64_t place);

namespace {

constexpr int kEntries = 80;
using Table = std::array<void*, kEntries>;

std::mutex lock;
std::map<std::string, long> settings;
std::map<std::string, long> counts;  // live objects by kind; calls; what was set
std::string misuses;

void misuse(const std::string& what) {
  std::lock_guard<std::mutex> guard(lock);
  misuses += what + "\n";
}

void count(const char* what, long by = 1) {
  std::lock_guard<std::mutex> guard(lock);
  counts[what] += by;
}

void note(const char* what, long value) {
  std::lock_guard<std::mutex> guard(lock);
  counts[what] = value;
}

long setting(const char* name) {
  std::lock_guard<std::mutex> guard(lock);
  auto found = settings.find(name);
  if (found != settings.end()) return found->second;
  const char* value = std::getenv((std::string("WHYBOX_TENSORRT_DOUBLE_") + name).c_str());
  return value == nullptr ? 0 : std::atol(value);
}

template <int N>
void missing() {
  std::fprintf(stderr, "tensorrt_double: virtual function %d is not here\n", N);
  std::abort();
}

template <std::size_t... N>
Table all_missing(std::index_sequence<N...>) {
  return {reinterpret_cast<void*>(&missing<N>)...};
}

struct Entry {
  int number;
  void* function;
};

template <class F>
Entry entry(int number, F* function) {
  return {number, reinterpret_cast<void*>(function)};
}

Table table(std::initializer_list<Entry> entries) {
  Table result = all_missing(std::make_index_sequence<kEntries>());
  for (const Entry& each : entries) result[each.number] = each.function;
  return result;
}

// What every object of TensorRT begins with.
struct Object {
  const Table* interface;
  const Table** implementation = &functions;
  const Table* functions;
  const char* kind;
  Object* parent;  // must outlive this
  int children = 0;

  Object(const Table* interface, const Table* functions, const char* kind, Object* parent)
      : interface(interface), functions(functions), kind(kind), parent(parent) {
    count(kind);
    count("made");
    if (parent != nullptr) parent->children++;
  }
  ~Object() {
    if (children > 0) misuse(std::string(kind) + " destroyed before what it made");
    count(kind, -1);
    if (parent != nullptr) parent->children--;
  }
};

// The object of an implementation that a virtual function was called on.
template <class T>
T* self(void* implementation) {
  char* start = static_cast<char*>(implementation) - offsetof(Object, functions);
  return static_cast<T*>(reinterpret_cast<Object*>(start));
}

template <class T>
void destroy(T*) {
  misuse("destructor without delete");  // the first of the two: would leak the memory
}

template <class T>
void destroy_and_free(T* object) {
  delete object;
}

template <class T>
const Table* deletable() {
  static const Table result =
      table({entry(0, &destroy<T>), entry(1, &destroy_and_free<T>)});
  return &result;
}

struct Dims {
  std::int32_t count;
  std::int64_t d[8];
};

// Logs as TensorRT does: by the first virtual function of the user's logger.
void say(void* logger, int severity, const char* text) {
  auto* object = static_cast<void (***)(void*, int, const char*)>(logger);
  (*object)[0](logger, severity, text);
}

// ---- Java, where ONNX Runtime is ----

JNIEnv* java() {
  static JavaVM* machine = [] {
    auto find = reinterpret_cast<jint (*)(JavaVM**, jsize, jsize*)>(
        dlsym(RTLD_DEFAULT, "JNI_GetCreatedJavaVMs"));
    JavaVM* found = nullptr;
    jsize number = 0;
    if (find == nullptr || find(&found, 1, &number) != 0 || number == 0) std::abort();
    return found;
  }();
  JNIEnv* env = nullptr;
  if (machine->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_1_8) != JNI_OK) {
    machine->AttachCurrentThreadAsDaemon(reinterpret_cast<void**>(&env), nullptr);
  }
  return env;
}

jclass runner(JNIEnv* env) { return env->FindClass("dev/whybox/tensorrt/TensorRtDouble"); }

jbyteArray bytes(JNIEnv* env, const std::string& content) {
  jbyteArray result = env->NewByteArray(static_cast<jsize>(content.size()));
  env->SetByteArrayRegion(
      result, 0, static_cast<jsize>(content.size()),
      reinterpret_cast<const jbyte*>(content.data()));
  return result;
}

// Inputs and outputs of a graph, a line each: "in" or "out", the name, the number of axes, the sizes,
// −1 for a free batch. Names have no blanks.
std::string describe(const std::string& onnx) {
  JNIEnv* env = java();
  jclass type = runner(env);
  jmethodID method = env->GetStaticMethodID(type, "describe", "([B)Ljava/lang/String;");
  auto text = static_cast<jstring>(env->CallStaticObjectMethod(type, method, bytes(env, onnx)));
  if (env->ExceptionCheck()) {
    env->ExceptionDescribe();
    env->ExceptionClear();
    return "";
  }
  const char* chars = env->GetStringUTFChars(text, nullptr);
  std::string result = chars;
  env->ReleaseStringUTFChars(text, chars);
  return result;
}

struct Tensor {
  bool input = false;
  std::vector<std::int64_t> sizes;
  bool free() const { return !sizes.empty() && sizes[0] < 0; }
};

// By name; empty where ONNX Runtime refuses the graph.
std::map<std::string, Tensor> tensors(const std::string& onnx) {
  std::map<std::string, Tensor> result;
  std::istringstream words(describe(onnx));
  std::string kind, name;
  std::size_t axes = 0;
  while (words >> kind >> name >> axes) {
    Tensor tensor{kind == "in", std::vector<std::int64_t>(axes)};
    for (auto& size : tensor.sizes) words >> size;
    result[name] = tensor;
  }
  return result;
}

// ---- Building ----

struct Network : Object {
  std::string onnx;
  static const Table* functions_of() {
    static const Table result = table({});
    return &result;
  }
  explicit Network(Object* builder) : Object(deletable<Network>(), functions_of(), "network", builder) {}
};

struct HostMemory : Object {
  std::string content;
  static void* data(void* me) { return self<HostMemory>(me)->content.data(); }
  static std::size_t size(void* me) { return self<HostMemory>(me)->content.size(); }
  static const Table* functions_of() {
    static const Table result = table({entry(2, &data), entry(3, &size)});
    return &result;
  }
  explicit HostMemory(std::string content)
      : Object(deletable<HostMemory>(), functions_of(), "host memory", nullptr),
        content(std::move(content)) {}
};

constexpr const char* kTiming = "TIMING of the double";

struct TimingCache : Object {
  static HostMemory* serialize(void*) { return new HostMemory(kTiming); }
  static const Table* functions_of() {
    static const Table result = table({entry(2, &serialize)});
    return &result;
  }
  explicit TimingCache(Object* config)
      : Object(deletable<TimingCache>(), functions_of(), "timing cache", config) {}
};

// The builder's own: no destructor may be called.
struct Profile : Object {
  std::map<std::string, std::map<int, Dims>> dims;
  static bool set(void* me, const char* name, int which, const Dims& dims) {
    self<Profile>(me)->dims[name][which] = dims;
    return true;
  }
  static const Table* functions_of() {
    static const Table result = table({entry(2, &set)});
    return &result;
  }
  static const Table* nothing() {
    static const Table result = table({});
    return &result;
  }
  Profile() : Object(nothing(), functions_of(), "profile", nullptr) {}
};

struct Config : Object {
  Profile* profile = nullptr;
  static void clear_flag(void*, int flag) { note("cleared flag", flag); }
  static int add_profile(void* me, Profile* profile) {
    self<Config>(me)->profile = profile;
    return 0;
  }
  static TimingCache* create_timing(void* me, const void* blob, std::size_t size) {
    if (blob != nullptr) count("timing reused");
    bool known = blob == nullptr || std::string(static_cast<const char*>(blob), size) == kTiming;
    if (!known) misuse("a timing cache of somebody else");
    return new TimingCache(self<Config>(me));
  }
  static bool set_timing(void*, TimingCache*, bool) {
    // Of another GPU: refused once.
    bool refused = setting("TIMING_REFUSED") != 0;
    std::lock_guard<std::mutex> guard(lock);
    if (refused) settings["TIMING_REFUSED"] = 0;
    return !refused;
  }
  static void set_memory(void*, int pool, std::size_t limit) {
    note(pool == 0 ? "workspace" : "other pool", static_cast<long>(limit));
  }
  static void set_streams(void*, int number) { note("auxiliary streams", number); }
  static const Table* functions_of() {
    static const Table result = table(
        {entry(10, &clear_flag), entry(25, &add_profile), entry(40, &create_timing),
         entry(41, &set_timing), entry(43, &set_memory), entry(54, &set_streams)});
    return &result;
  }
  explicit Config(Object* builder) : Object(deletable<Config>(), functions_of(), "config", builder) {}
};

struct Builder : Object {
  void* logger;
  std::vector<Profile*> profiles;
  static Config* create_config(void* me) { return new Config(self<Builder>(me)); }
  static Network* create_network(void* me, std::uint32_t flags) {
    note("network flags", flags);
    return new Network(self<Builder>(me));
  }
  static Profile* create_profile(void* me) {
    auto* profile = new Profile();
    self<Builder>(me)->profiles.push_back(profile);
    return profile;
  }
  static HostMemory* build(void* me, Network& network, Config& config) {
    auto* builder = self<Builder>(me);
    count("builds");
    // TensorRT speaks from threads of its own.
    std::thread([builder] { say(builder->logger, 3, "building, from another thread"); }).join();
    if (setting("BUILD_FAILS")) {
      say(builder->logger, 1, "Could not find any implementation for node double");
      return nullptr;
    }
    if (network.onnx.empty()) {
      misuse("built without a network");
      return nullptr;
    }
    std::int64_t largest = 1;
    for (const auto& [name, tensor] : tensors(network.onnx)) {
      if (!tensor.input || !tensor.free()) continue;
      if (config.profile == nullptr || config.profile->dims[name].size() != 3) {
        misuse("built without a whole profile of " + name);
        return nullptr;
      }
      for (int which : {0, 1, 2}) {
        const char* names[] = {"smallest batch", "usual batch", "largest batch"};
        note(names[which], config.profile->dims[name][which].d[0]);
      }
      largest = config.profile->dims[name][2].d[0];
    }
    std::ostringstream plan;
    plan << "PLAN " << largest << "\n" << network.onnx;
    return new HostMemory(plan.str());
  }
  static const Table* functions_of() {
    static const Table result =
        table({entry(7, &create_config), entry(8, &create_network), entry(9, &create_profile),
               entry(14, &build)});
    return &result;
  }
  explicit Builder(void* logger)
      : Object(deletable<Builder>(), functions_of(), "builder", nullptr), logger(logger) {}
  ~Builder() {
    for (Profile* profile : profiles) delete profile;
  }
};

// ---- Parsing: no implementation apart from the interface; the destructor is entry 8 ----

struct ParserError {
  const Table* functions;
  static const char* text(void*) { return "no such operator, says the double"; }
  static const char* name(void*) { return "/model.0/Double"; }
  static const char* type(void*) { return "Double"; }
  ParserError() {
    static const Table result = table({entry(1, &text), entry(6, &name), entry(7, &type)});
    functions = &result;
  }
};

struct Parser : Object {
  Network* network;
  ParserError error;
  bool failed = false;
  static bool parse(Parser* me, const void* onnx, std::size_t size, const char*) {
    me->network->onnx.assign(static_cast<const char*>(onnx), size);
    me->failed = setting("PARSE_FAILS") || describe(me->network->onnx).empty();
    return !me->failed;
  }
  static int errors(Parser* me) { return me->failed ? 1 : 0; }
  static ParserError* get_error(Parser* me, int) { return &me->error; }
  static const Table* interface_of() {
    static const Table result =
        table({entry(0, &parse), entry(5, &errors), entry(6, &get_error),
               entry(8, &destroy<Parser>), entry(9, &destroy_and_free<Parser>)});
    return &result;
  }
  explicit Parser(Network* network)
      : Object(interface_of(), nullptr, "parser", network), network(network) {}
};

// ---- Running ----

struct Engine : Object {
  void* logger;
  std::string onnx;
  long largest;
  std::map<std::string, Tensor> tensors;
  jlong session = 0;

  bool load(const std::string& plan);
  static int data_type(void*, const char*) { return 0; }  // float
  static int io_mode(void* me, const char* name) {
    auto* engine = self<Engine>(me);
    auto found = engine->tensors.find(name);
    return found == engine->tensors.end() ? 0 : found->second.input ? 1 : 2;
  }
  static void* create_context(void* me, int);
  static const Table* functions_of() {
    static const Table result = table(
        {entry(5, &create_context), entry(20, &data_type), entry(23, &io_mode)});
    return &result;
  }
  Engine(void* logger, Object* runtime)
      : Object(deletable<Engine>(), functions_of(), "engine", runtime), logger(logger) {}
  ~Engine() {
    JNIEnv* env = java();
    jclass type = runner(env);
    env->CallStaticVoidMethod(type, env->GetStaticMethodID(type, "shut", "(J)V"), session);
  }
};

bool Engine::load(const std::string& plan) {
  std::size_t line = plan.find('\n');
  if (plan.rfind("PLAN ", 0) != 0 || line == std::string::npos) return false;
  largest = std::atol(plan.c_str() + 5);
  onnx = plan.substr(line + 1);
  tensors = ::tensors(onnx);
  JNIEnv* env = java();
  jclass type = runner(env);
  session = env->CallStaticLongMethod(
      type, env->GetStaticMethodID(type, "open", "([B)J"), bytes(env, onnx));
  return true;
}

struct Context : Object {
  struct Run {
    Context* context;
    long batch;
    std::map<std::string, void*> places;
  };

  Engine* engine;
  std::uint64_t memory = 0;
  long batch = 1;
  std::map<std::string, bool> shaped;  // inputs of free batch
  std::map<std::string, void*> places;
  std::vector<Run*> runs;  // recorded work may come back to them

  static bool set_shape(void* me, const char* name, const Dims& dims) {
    auto* context = self<Context>(me);
    auto found = context->engine->tensors.find(name);
    bool fits = found != context->engine->tensors.end() && found->second.input && dims.d[0] >= 1 &&
                dims.d[0] <= context->engine->largest && !setting("SHAPE_FAILS") &&
                std::size_t(dims.count) == found->second.sizes.size();
    for (std::size_t i = found != context->engine->tensors.end() && found->second.free() ? 1 : 0;
         fits && i < found->second.sizes.size(); i++) {
      fits = dims.d[i] == found->second.sizes[i];
    }
    if (fits) {
      context->batch = dims.d[0];
      context->shaped[name] = true;
    }
    if (!fits) say(context->engine->logger, 1, "the shape is outside the profile, says the double");
    return fits;
  }
  static Dims shape(void* me, const char* name) {
    auto* context = self<Context>(me);
    auto found = context->engine->tensors.find(name);
    Dims result = {-1, {}};
    if (found == context->engine->tensors.end()) return result;
    const auto& sizes = found->second.sizes;
    result.count = std::int32_t(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); i++) {
      result.d[i] = sizes[i] < 0 ? context->batch : sizes[i];
    }
    return result;
  }
  static bool set_address(void* me, const char* name, void* place) {
    auto* context = self<Context>(me);
    context->places[name] = place;
    return context->engine->tensors.count(name) == 1;
  }
  static void run(void* data) {
    auto* run = static_cast<Run*>(data);
    JNIEnv* env = java();
    jclass type = runner(env);
    std::string names;
    std::vector<jlong> places;
    for (const auto& [name, place] : run->places) {
      names += name + "\n";
      places.push_back(reinterpret_cast<jlong>(place));
    }
    jlongArray addresses = env->NewLongArray(static_cast<jsize>(places.size()));
    env->SetLongArrayRegion(addresses, 0, static_cast<jsize>(places.size()), places.data());
    env->CallStaticVoidMethod(
        type, env->GetStaticMethodID(type, "run", "(JJLjava/lang/String;[J)V"),
        run->context->engine->session, jlong(run->batch), env->NewStringUTF(names.c_str()),
        addresses);
    if (env->ExceptionCheck()) {
      env->ExceptionDescribe();
      env->ExceptionClear();
      misuse("ONNX Runtime failed");
    }
    count("runs");
  }
  static bool enqueue(void* me, void* stream) {
    auto* context = self<Context>(me);
    for (const auto& [name, tensor] : context->engine->tensors) {
      if ((tensor.input && tensor.free() && !context->shaped[name]) ||
          context->places[name] == nullptr) {
        misuse("enqueued without shape or address of " + name);
        return false;
      }
    }
    if (setting("ENQUEUE_FAILS")) {
      say(context->engine->logger, 1, "Cuda Runtime (launch failure), says the double");
      return false;
    }
    auto* work = new Run{context, context->batch, context->places};
    context->runs.push_back(work);
    return cuLaunchHostFunc(stream, &run, work) == 0;
  }
  static const Table* functions_of() {
    static const Table result = table({entry(21, &set_shape), entry(22, &shape),
                                       entry(24, &set_address), entry(37, &enqueue)});
    return &result;
  }
  explicit Context(Engine* engine)
      : Object(deletable<Context>(), functions_of(), "context", engine), engine(engine) {}
  ~Context() {
    if (memory != 0 && cuMemFree_v2(memory) != 0) misuse("no GPU to free a context's memory on");
    for (Run* run : runs) delete run;
  }
};

void* Engine::create_context(void* me, int) {
  auto* engine = self<Engine>(me);
  auto* context = new Context(engine);
  if (setting("CONTEXT_FAILS") || cuMemAlloc_v2(&context->memory, 4096) != 0) {
    say(engine->logger, 1, "Requested amount of GPU memory (4096 bytes) could not be allocated");
    delete context;
    return nullptr;
  }
  return context;
}

struct Runtime : Object {
  void* logger;
  static Engine* load(void* me, const void* plan, std::size_t size) {
    auto* runtime = self<Runtime>(me);
    count("loads");
    auto* engine = new Engine(runtime->logger, runtime);
    if (!setting("LOAD_FAILS") && engine->load(std::string(static_cast<const char*>(plan), size))) {
      return engine;
    }
    say(runtime->logger, 1, "Serialization assertion failed, says the double");
    delete engine;
    return nullptr;
  }
  static const Table* functions_of() {
    static const Table result = table({entry(3, &load)});
    return &result;
  }
  explicit Runtime(void* logger)
      : Object(deletable<Runtime>(), functions_of(), "runtime", nullptr), logger(logger) {}
};

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT int getInferLibVersion() { return 101501; }
EXPORT void* createInferBuilder_INTERNAL(void* logger, int) { return new Builder(logger); }
EXPORT void* createInferRuntime_INTERNAL(void* logger, int) { return new Runtime(logger); }
EXPORT void* createNvOnnxParser_INTERNAL(void* network, void*, int) {
  return new Parser(static_cast<Network*>(static_cast<Object*>(network)));
}

EXPORT JNIEXPORT void JNICALL
Java_dev_whybox_tensorrt_TensorRtDouble_set(JNIEnv* env, jclass, jstring name, jlong value) {
  const char* text = env->GetStringUTFChars(name, nullptr);
  {
    std::lock_guard<std::mutex> guard(lock);
    settings[text] = value;
  }
  env->ReleaseStringUTFChars(name, text);
}

EXPORT JNIEXPORT jlong JNICALL
Java_dev_whybox_tensorrt_TensorRtDouble_count(JNIEnv* env, jclass, jstring name) {
  const char* text = env->GetStringUTFChars(name, nullptr);
  long result;
  {
    std::lock_guard<std::mutex> guard(lock);
    result = counts[text];
  }
  env->ReleaseStringUTFChars(name, text);
  return result;
}

EXPORT JNIEXPORT jlong JNICALL Java_dev_whybox_tensorrt_TensorRtDouble_live(JNIEnv*, jclass) {
  std::lock_guard<std::mutex> guard(lock);
  long sum = 0;
  for (const char* kind : {"builder", "network", "parser", "config", "profile", "timing cache",
                           "host memory", "runtime", "engine", "context"}) {
    sum += counts[kind];
  }
  return sum;
}

EXPORT JNIEXPORT jstring JNICALL Java_dev_whybox_tensorrt_TensorRtDouble_log(JNIEnv* env, jclass) {
  std::lock_guard<std::mutex> guard(lock);
  return env->NewStringUTF(misuses.c_str());
}

EXPORT JNIEXPORT void JNICALL Java_dev_whybox_tensorrt_TensorRtDouble_reset(JNIEnv*, jclass) {
  std::lock_guard<std::mutex> guard(lock);
  settings.clear();
  counts.clear();
  misuses.clear();
}
