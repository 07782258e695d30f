// `inpaint cases`: a set of cases for `inpaint eval`, cut out of a folder of source files.
//
// Files take turns in an order that comes from their names and the seed, packages before files, so
// that no large project or file dominates; each gives a case of every kind that is still missing,
// and is asked at most twice. Folders of foreign or built code, files above 300 kB and generated
// ones are left out. In the file that is written languages and kinds take turns.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

int cases_command(const CasesOptions& options, Program& program);

}  // namespace inpaint::lsp
