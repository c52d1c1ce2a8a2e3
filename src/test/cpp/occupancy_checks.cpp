// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
//
// Compares the occupancies that cmake/occupancy.cmake computed (kernels.md) with those of NVIDIA's
// own calculator, the toolkit's cuda_occupancy.h, which knows the limits a multiprocessor except for
// threads and shared memory; these are those of the programming guide. Needs no GPU.
//
//   occupancy_checks kernels.md
#include <cuda_occupancy.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Limits {
  int threads;
  std::size_t sharedKiB;
};

// CUDA programming guide, "Compute capabilities", by architecture.
const std::map<int, Limits> kLimits = {
    {75, {1024, 64}},  {80, {2048, 164}},  {86, {1536, 100}},  {87, {1536, 164}}, {89, {1536, 100}},
    {90, {2048, 228}}, {100, {2048, 228}}, {110, {1536, 228}}, {120, {1536, 100}}};

int occupancy(int arch, int registers, int shared, int block) {
  const Limits& limits = kLimits.at(arch);
  cudaOccDeviceProp device;
  device.computeMajor = arch / 10;
  device.computeMinor = arch % 10;
  device.maxThreadsPerBlock = 1024;
  device.maxThreadsPerMultiprocessor = limits.threads;
  device.regsPerBlock = 65536;
  device.regsPerMultiprocessor = 65536;
  device.warpSize = 32;
  device.sharedMemPerBlock = 48 * 1024;
  device.sharedMemPerMultiprocessor = limits.sharedKiB * 1024;
  device.numSms = 1;
  device.reservedSharedMemPerBlock = arch >= 80 ? 1024 : 0;
  device.sharedMemPerBlockOptin = device.sharedMemPerMultiprocessor - device.reservedSharedMemPerBlock;
  cudaOccFuncAttributes kernel;
  kernel.maxThreadsPerBlock = block;
  kernel.numRegs = registers;
  kernel.sharedSizeBytes = static_cast<std::size_t>(shared);
  cudaOccDeviceState state;
  state.carveoutConfig = SHAREDMEM_CARVEOUT_MAX_SHARED;
  cudaOccResult result;
  const cudaOccError error =
      cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state, block, 0);
  return error == CUDA_OCC_SUCCESS
             ? 100 * result.activeBlocksPerMultiprocessor * block / limits.threads
             : -1;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  std::string cell;
  std::getline(stream, cell, '|');
  while (std::getline(stream, cell, '|')) {
    result.push_back(cell);
  }
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  std::ifstream file(count == 2 ? arguments[1] : "");
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> heads = cells(line);
  std::getline(file, line);
  int compared = 0;
  int wrong = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> row = cells(line);
    for (std::size_t i = 3; i < heads.size() && i < row.size(); i++) {
      int arch = 0;
      int registers = 0;
      int stated = 0;
      if (std::sscanf(heads[i].c_str(), " sm_%d", &arch) != 1 ||
          std::sscanf(row[i].c_str(), " %d, %d", &registers, &stated) != 2) {
        std::fprintf(stderr, "not understood: %s | %s\n", heads[i].c_str(), row[i].c_str());
        return 1;
      }
      const int computed = occupancy(arch, registers, std::stoi(row[2]), std::stoi(row[1]));
      compared++;
      if (computed != stated) {
        wrong++;
        std::fprintf(stderr, "%s on sm_%d: %d %%, but NVIDIA's calculator says %d %%\n",
                     row[0].c_str(), arch, stated, computed);
      }
    }
  }
  std::printf("%d occupancies compared with NVIDIA's calculator, %d differ\n", compared, wrong);
  return compared > 0 && wrong == 0 ? 0 : 1;
}
