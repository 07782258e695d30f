// A compiler at work beside us: what a user's machine does while an editor asks for completions.
//
// A generated C++ file with heavy headers of the standard library is compiled again and again, once
// per core, until the object goes away. The files lie in a temporary folder of their own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lsp/bench/child_process.h"

namespace inpaint::lsp {

/// The first compiler of this machine that answers, of c++, g++ and clang++; its first line of
/// --version beside it.
struct Compiler {
  std::string program;
  std::string version;
};
std::optional<Compiler> find_compiler();

class CompilerLoad {
 public:
  /// Starts `processes` loops, one at least.
  CompilerLoad(const Compiler& compiler, unsigned processes);
  ~CompilerLoad();
  CompilerLoad(const CompilerLoad&) = delete;
  CompilerLoad& operator=(const CompilerLoad&) = delete;

  /// Waits until every loop has compiled a first, small file and goes on with the heavy one, which
  /// takes some ten seconds each time. False where one of them can not, or `stop` comes first.
  bool wait_until_started(const std::stop_token& stop);

 private:
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<BackgroundChild>> loops_;
  std::size_t n_started_ = 0;
  int started_ = -1;  // a pipe's end, into which each loop writes a byte when it has compiled
};

}  // namespace inpaint::lsp
