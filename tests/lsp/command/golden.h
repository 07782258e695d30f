// Compares a picture with the one that is kept in tests/golden; UPDATE_GOLDEN=1 rewrites it.
//
// Escapes and carriage returns are kept as "<ESC>" and "<CR>", so that the files can be read and diffed anywhere.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "tests/project_folders.h"

namespace inpaint::lsp::test {

inline std::string visible_escapes(const std::string& text) {
  std::string visible;
  for (char c : text) {
    if (c == '\x1b') {
      visible += "<ESC>";
    } else if (c == '\r') {
      visible += "<CR>";
    } else {
      visible += c;
    }
  }
  return visible;
}

inline void expect_golden(const std::string& name, const std::string& picture) {
  const auto path =
      std::filesystem::path(tests::source_folder()) / "tests/golden/lsp/command" / (name + ".txt");
  const std::string actual = visible_escapes(picture);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << actual;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; UPDATE_GOLDEN=1 writes it";
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(actual, expected) << name;
}

}  // namespace inpaint::lsp::test
