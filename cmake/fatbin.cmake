# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
#
# Compiles the kernels to one fat binary. Fails if a kernel spills registers or uses local memory on
# any architecture. Writes a .properties file (toolkit, architectures, digest of the sources), and a
# table of each kernel's registers and occupancy on each architecture.
#
#   cmake -DNVCC=nvcc -DSOURCE=kernels.cu -DFATBIN=out.fatbin -DPROPERTIES=out.properties
#         -DTABLE=out.md [-DARCHITECTURES=87] -P fatbin.cmake

# One binary per architecture. A GPU that is not listed runs the binary of its major version, or else
# the driver compiles the PTX. The PTX is that of the oldest architecture: it serves all GPUs, and the
# kernels need no newer instructions.
set(architectures 75 80 86 87 89 90 100 110 120)
if(ARCHITECTURES)
  string(REPLACE "," ";" architectures "${ARCHITECTURES}")
endif()
list(GET architectures 0 ptx)

set(targets -gencode arch=compute_${ptx},code=compute_${ptx})
foreach(arch IN LISTS architectures)
  list(APPEND targets -gencode arch=compute_${arch},code=sm_${arch})
endforeach()

# ---- The binary ---------------------------------------------------------------------------------

get_filename_component(directory ${FATBIN} DIRECTORY)
file(MAKE_DIRECTORY ${directory})
execute_process(
  COMMAND ${NVCC} -std=c++17 -O3 -fmad=false -Werror all-warnings -Xptxas -v -t 2 ${targets}
          -fatbin ${SOURCE} -o ${FATBIN}.new
  RESULT_VARIABLE failed
  OUTPUT_VARIABLE log
  ERROR_VARIABLE log)
if(failed)
  set(hint "")
  if(log MATCHES "Unsupported gpu architecture")
    string(CONCAT hint "This nvcc does not know all architectures; CUDA 13 does. Name those that it "
                  "knows, such as -DWHYBOX_ARCHITECTURES=75,80,86,87,89,90.\n")
  endif()
  message(FATAL_ERROR "${hint}nvcc failed:\n${log}")
endif()
string(REPLACE ";" "," log "${log}")
string(REPLACE "\n" ";" log "${log}")
include(${CMAKE_CURRENT_LIST_DIR}/occupancy.cmake)

# ---- Its properties -----------------------------------------------------------------------------

execute_process(COMMAND ${NVCC} --version OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
if(NOT version MATCHES "release ([0-9]+\\.[0-9]+)")
  message(FATAL_ERROR "nvcc --version names no release:\n${version}")
endif()
set(toolkit ${CMAKE_MATCH_1})

# The SHA-256 of the output of `sha256sum` for all files that the binary depends on, sorted by name.
get_filename_component(sources ${SOURCE} DIRECTORY)
file(GLOB files ${sources}/*.cu ${sources}/*.h)
list(APPEND files ${CMAKE_CURRENT_LIST_FILE})
set(names "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(SHA256 ${file} digest_${name})
  list(APPEND names ${name})
endforeach()
list(SORT names)
set(sums "")
foreach(name IN LISTS names)
  string(APPEND sums "${digest_${name}}  ${name}\n")
endforeach()
string(SHA256 digest "${sums}")

list(TRANSFORM architectures PREPEND sm_ OUTPUT_VARIABLE built)
string(REPLACE ";" "," built "${built}")
file(WRITE ${PROPERTIES}
     "# Toolkit and sources of kernels.fatbin; written by cmake/fatbin.cmake.\n"
     "toolkit=${toolkit}\narchitectures=${built}\nptx=compute_${ptx}\nsources=${digest}\n")
file(RENAME ${FATBIN}.new ${FATBIN})
