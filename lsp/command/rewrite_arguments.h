// The words of `inpaint rewrite` on the command line, which command_line.cpp reads with the others.
#pragma once

#include "lsp/command/command_options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace inpaint::lsp {

/// Keeps a reference to `options` until the arguments are parsed.
void add_rewrite(CLI::App& app, RewriteOptions& options);

}  // namespace inpaint::lsp
