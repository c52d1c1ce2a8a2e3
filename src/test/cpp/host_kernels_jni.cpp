// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// What dev.whybox.kernels.HostKernels calls the host library through.
#include <jni.h>

#include <vector>

#include "host/host_library.h"

namespace {

const WhyboxKernel* find(JNIEnv* env, jstring name) {
  const char* characters = env->GetStringUTFChars(name, nullptr);
  const WhyboxKernel* kernel = whybox_find_kernel(characters);
  env->ReleaseStringUTFChars(name, characters);
  return kernel;
}

}  // namespace

extern "C" {

JNIEXPORT jlong JNICALL Java_dev_whybox_kernels_HostKernels_address(JNIEnv* env, jclass,
                                                                    jobject buffer) {
  return reinterpret_cast<jlong>(env->GetDirectBufferAddress(buffer));
}

// The sizes of a kernel's parameters; null where there is no such kernel.
JNIEXPORT jintArray JNICALL Java_dev_whybox_kernels_HostKernels_sizes(JNIEnv* env, jclass,
                                                                      jstring name) {
  const WhyboxKernel* kernel = find(env, name);
  if (kernel == nullptr) {
    return nullptr;
  }
  std::vector<jint> sizes(kernel->sizes, kernel->sizes + kernel->parameters);
  jintArray result = env->NewIntArray(kernel->parameters);
  env->SetIntArrayRegion(result, 0, kernel->parameters, sizes.data());
  return result;
}

JNIEXPORT jstring JNICALL Java_dev_whybox_kernels_HostKernels_name(JNIEnv* env, jclass,
                                                                   jint number) {
  const WhyboxKernel* kernel = whybox_kernel(number);
  return kernel == nullptr ? nullptr : env->NewStringUTF(kernel->name);
}

// `values` holds 8 bytes a parameter, `geometry` grid and block.
JNIEXPORT jint JNICALL Java_dev_whybox_kernels_HostKernels_launch(JNIEnv* env, jclass, jstring name,
                                                                  jintArray geometry,
                                                                  jobject values) {
  const WhyboxKernel* kernel = find(env, name);
  jint g[6];
  env->GetIntArrayRegion(geometry, 0, 6, g);
  char* bytes = static_cast<char*>(env->GetDirectBufferAddress(values));
  std::vector<void*> parameters;
  for (int i = 0; i < kernel->parameters; i++) {
    parameters.push_back(bytes + 8 * i);
  }
  return whybox_launch(kernel, static_cast<unsigned>(g[0]), static_cast<unsigned>(g[1]),
                       static_cast<unsigned>(g[2]), static_cast<unsigned>(g[3]),
                       static_cast<unsigned>(g[4]), static_cast<unsigned>(g[5]),
                       parameters.data());
}

JNIEXPORT void JNICALL Java_dev_whybox_kernels_HostKernels_descending(JNIEnv*, jclass,
                                                                      jboolean descending) {
  whybox_set_descending(descending);
}

}  // extern "C"
