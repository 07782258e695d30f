// A folder of small source files to train on, and what a run has written.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace inpaint::engine {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Four files of the same functions.
inline void write_shapes(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (int file = 0; file < 4; ++file) {
    std::ofstream out(folder / ("shapes" + std::to_string(file) + ".py"));
    for (int i = 0; i < 12; ++i)
      out << "def area_" << i << "(radius):\n    return math.pi * radius ** 2\n\n";
  }
}

}  // namespace inpaint::engine
