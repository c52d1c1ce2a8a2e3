# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
#
# Builds the host library for a Jetson's processor on another machine (with Ubuntu's
# g++-aarch64-linux-gnu). The fat binary does not need this: GPU code is the same for all hosts.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
