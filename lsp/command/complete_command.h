// `inpaint complete FILE:LINE:COLUMN`: fills one place of a file and shows the fill.
//
// The file is read and never written. With --json the answer is one object; otherwise a picture of
// the place with the fill in it, and what it cost. With --why the answer is the server's to an editor
// that asks by itself, and the exit code says whether there is one.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code. The place is looked up before any model is opened: mistakes are told at once.
int complete_command(const CompleteOptions& options, Program& program);

}  // namespace inpaint::lsp
