// A server on the loopback for tests of downloads: file_server.py, which says what it serves.
#pragma once

#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "lsp/bench/child_process.h"
#include "tests/project_folders.h"

namespace inpaint::lsp::test {

class FileServer {
 public:
  FileServer() {
    std::istringstream line(next_line());
    line >> port_ >> bytes >> sha256;
    EXPECT_EQ(sha256.size(), 64U) << "tests/lsp/download/file_server.py does not start";
  }

  std::string address(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// The next request: its path and range ("-": the whole). Waits for it.
  std::string next_request() { return next_line(); }

  std::uint64_t bytes = 0;
  std::string sha256;

 private:
  std::string next_line() {
    constexpr auto kLongest = std::chrono::seconds(20);
    while (said_.find('\n') == std::string::npos) {
      const std::string more = child_.read(kLongest);
      if (more.empty()) return "";
      said_ += more;
    }
    const std::size_t end = said_.find('\n');
    std::string line = said_.substr(0, end);
    said_.erase(0, end + 1);
    return line;
  }

  PipedChild child_{
      {"python3", "-B", tests::source_folder() + "/tests/lsp/download/file_server.py"}};
  std::string said_;
  int port_ = 0;
};

}  // namespace inpaint::lsp::test
