// `inpaint models`: what is known and what is here; fetching, adding, choosing and removing models.
//
// The only command that uses the network, and only for `get`.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code.
int models_command(const ModelsOptions& options, Program& program);

}  // namespace inpaint::lsp
