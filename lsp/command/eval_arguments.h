// The words of `inpaint eval` and `inpaint cases` on the command line.
//
// Beside command_line.cpp, which reads them together with those of the other commands: they are used
// by those who build or measure models, and are many.
#pragma once

#include "lsp/command/command_options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace inpaint::lsp {

/// Both keep references to `options` until the arguments are parsed.
void add_eval(CLI::App& app, EvalOptions& options);
void add_cases(CLI::App& app, CasesOptions& options);

}  // namespace inpaint::lsp
