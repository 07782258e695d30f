// `inpaint bench`: how fast and how large Inpaint is on this machine, idle and with a compiler
// running beside; `inpaint bench typing`: how soon ghost text comes while somebody types into real files.
//
// One JSON object on the standard output, a table on the error stream. Ctrl-C gives what there is.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code: kSuccess when every row was reached, kInterrupted when stopped before.
int bench_command(const BenchOptions& options, Program& program);
int typing_command(const TypingOptions& options, Program& program);

}  // namespace inpaint::lsp
