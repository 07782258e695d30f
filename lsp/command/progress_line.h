// One line that is written over and over on a terminal; nothing elsewhere.
#pragma once

#include <ostream>
#include <string>

#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

class ProgressLine {
 public:
  ProgressLine(std::ostream& out, const Screen& screen)
      : out_(out), is_terminal_(screen.is_terminal) {}
  ~ProgressLine() { write(""); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void write(const std::string& what) {
    if (is_terminal_) out_ << '\r' << kEraseLine << what << std::flush;
  }

 private:
  std::ostream& out_;
  bool is_terminal_;
};

}  // namespace inpaint::lsp
