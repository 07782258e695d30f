#include "lsp/bench/source_commit.h"

#include "lsp/bench/child_process.h"

namespace inpaint::lsp {

std::string source_commit() {
  const auto answer = run_child(
      {"git", "-C", INPAINT_SOURCE_DIR, "describe", "--always", "--dirty", "--abbrev=12"});
  if (!answer || answer->exit_code != 0) return "";
  return answer->out.substr(0, answer->out.find('\n'));
}

}  // namespace inpaint::lsp
