// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Stands where the loader looks for CUDA's runtime library when it loads the bindings. Whybox calls
// none of its functions, so it has none.
