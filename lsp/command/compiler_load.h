// A compiler at work beside us: what a user's machine does while an editor asks for completions.
//
// A generated C++ file with heavy headers of the standard library is compiled again and again, once
// per core, until the object goes away. The files lie in a temporary folder of their own.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lsp/command/child_process.h"

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
  /// Starts `processes` loops.
  CompilerLoad(const Compiler& compiler, unsigned processes);
  ~CompilerLoad();
  CompilerLoad(const CompilerLoad&) = delete;
  CompilerLoad& operator=(const CompilerLoad&) = delete;

  /// Whether every loop could be started.
  bool running() const;

 private:
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<BackgroundChild>> loops_;
};

}  // namespace inpaint::lsp
