# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
#
# Compiles the kernels to one fat binary, and fails where a kernel spills registers or uses local
# memory on any architecture. Writes a table of what each kernel takes of each architecture.
#
#   cmake -DNVCC=nvcc -DSOURCE=kernels.cu -DFATBIN=out.fatbin -DTABLE=out.md -P fatbin.cmake

# Binaries for what there is. A GPU that is not listed runs the binary of its major version, or else
# the driver compiles the PTX; that of the oldest architecture serves all, and the kernels have no use
# for anything newer.
set(architectures 75 80 86 87 89 90 100 110 120)
set(ptx 75)

# Limits a multiprocessor, not yet checked against the CUDA programming guide's table "Technical
# specifications per compute capability": threads, blocks, KiB of shared memory, and bytes of it that the system takes a
# block. All have 65,536 registers, given out 256 at a time to a warp.
set(limits_75 1024 16 64 0)
set(limits_80 2048 32 164 1024)
set(limits_86 1536 16 100 1024)
set(limits_87 1536 16 164 1024)
set(limits_89 1536 24 100 1024)
set(limits_90 2048 32 228 1024)
set(limits_100 2048 32 228 1024)
set(limits_110 1536 24 228 1024)
set(limits_120 1536 24 100 1024)

# Threads a block, as in kernels.h.
set(block_coalitions 32)
set(block_perturb_segments_f32 256)
set(block_perturb_segments_f16 256)
set(block_perturb_rise_f32 256)
set(block_perturb_rise_f16 256)
set(block_score_f32 256)
set(block_score_f16 256)
set(block_accumulate_rise 128)
set(block_normal_gram 256)
set(block_normal_moments 256)

set(targets -gencode arch=compute_${ptx},code=compute_${ptx})
foreach(arch IN LISTS architectures)
  list(APPEND targets -gencode arch=compute_${arch},code=sm_${arch})
endforeach()

get_filename_component(directory ${FATBIN} DIRECTORY)
file(MAKE_DIRECTORY ${directory})
execute_process(
  COMMAND ${NVCC} -std=c++17 -O3 -fmad=false -Werror all-warnings -Xptxas -v -t 2 ${targets}
          -fatbin ${SOURCE} -o ${FATBIN}.new
  RESULT_VARIABLE failed
  OUTPUT_VARIABLE log
  ERROR_VARIABLE log)
if(failed)
  message(FATAL_ERROR "nvcc failed:\n${log}")
endif()

set(failures "")
set(reports 0)
string(REPLACE ";" "," log "${log}")
string(REPLACE "\n" ";" lines "${log}")
set(kernels "")
foreach(line IN LISTS lines)
  if(line MATCHES "Compiling entry function '([a-z0-9_]+)' for 'sm_([0-9]+)'")
    set(kernel ${CMAKE_MATCH_1})
    set(arch ${CMAKE_MATCH_2})
    list(APPEND kernels ${kernel})
  elseif(line MATCHES "([0-9]+) bytes stack frame, ([0-9]+) bytes spill stores, ([0-9]+) bytes spill")
    if(NOT "${CMAKE_MATCH_1} ${CMAKE_MATCH_2} ${CMAKE_MATCH_3}" STREQUAL "0 0 0")
      string(APPEND failures "  ${kernel} on sm_${arch}: ${line}\n")
    endif()
  elseif(line MATCHES "Used ([0-9]+) registers")
    math(EXPR reports "${reports} + 1")
    set(registers ${CMAKE_MATCH_1})
    set(shared 0)
    if(line MATCHES "([0-9]+) bytes smem")
      set(shared ${CMAKE_MATCH_1})
    endif()
    if(NOT DEFINED block_${kernel})
      message(FATAL_ERROR "cmake/fatbin.cmake does not know the block size of ${kernel}; add it.")
    endif()
    # Blocks that fit: by threads, by number, by registers, by shared memory.
    list(GET limits_${arch} 0 threads)
    list(GET limits_${arch} 1 blocks)
    list(GET limits_${arch} 2 kib)
    list(GET limits_${arch} 3 reserved)
    set(block ${block_${kernel}})
    math(EXPR byThreads "${threads} / ${block}")
    math(EXPR byRegisters "65536 / ((${registers} * 32 + 255) / 256 * 256) / (${block} / 32)")
    math(EXPR taken "(${shared} + ${reserved} + 255) / 256 * 256")
    set(fit ${blocks})
    if(taken GREATER 0)
      math(EXPR byShared "${kib} * 1024 / ${taken}")
    else()
      set(byShared ${blocks})
    endif()
    foreach(limit byThreads byRegisters byShared)
      if(${limit} LESS fit)
        set(fit ${${limit}})
      endif()
    endforeach()
    math(EXPR occupancy "100 * ${fit} * ${block} / ${threads}")
    set(cell_${kernel}_${arch} "${registers}, ${occupancy} %")
    set(shared_${kernel} ${shared})
  endif()
endforeach()
if(failures)
  message(FATAL_ERROR "Kernels may not use local memory, but these do:\n${failures}")
endif()

list(REMOVE_DUPLICATES kernels)
list(SORT kernels)
list(LENGTH kernels kernelCount)
list(LENGTH architectures architectureCount)
math(EXPR expected "${kernelCount} * ${architectureCount}")
if(kernelCount EQUAL 0 OR NOT reports EQUAL expected)
  message(FATAL_ERROR "ptxas should have reported ${expected} times, but did ${reports} times:\n${log}")
endif()

set(table "| kernel | threads | shared |")
set(rule "|---|---|---|")
foreach(arch IN LISTS architectures)
  string(APPEND table " sm_${arch} |")
  string(APPEND rule "---|")
endforeach()
string(APPEND table "\n${rule}\n")
foreach(kernel IN LISTS kernels)
  string(APPEND table "| ${kernel} | ${block_${kernel}} | ${shared_${kernel}} |")
  foreach(arch IN LISTS architectures)
    string(APPEND table " ${cell_${kernel}_${arch}} |")
  endforeach()
  string(APPEND table "\n")
endforeach()
file(WRITE ${TABLE} "${table}")
file(RENAME ${FATBIN}.new ${FATBIN})
