// `inpaint serve`: the language server, on standard input and output.
//
// Standard output belongs to the protocol alone; what goes wrong is told on the error stream, or in
// the file that --log names.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code: 0 after `shutdown` and `exit`, else 1.
int serve_command(const ServeOptions& options, Program& program);

}  // namespace inpaint::lsp
