// The words of `inpaint models` on the command line, which command_line.cpp reads with the others.
#pragma once

#include "lsp/command/command_options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace inpaint::lsp {

/// Keeps a reference to `options` until the arguments are parsed.
void add_models(CLI::App& app, ModelsOptions& options);

}  // namespace inpaint::lsp
