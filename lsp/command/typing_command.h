// `inpaint bench typing`: how soon ghost text comes while somebody types into real files.
//
// One JSON object on the standard output, a table on the error stream. Ctrl-C gives what there is.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code: kSuccess, kInterrupted when stopped before all keys were typed, kFailed.
int typing_command(const TypingOptions& options, Program& program);

}  // namespace inpaint::lsp
