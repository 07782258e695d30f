// `inpaint doctor`: is everything in place, and if not, what mends it.
//
// Looks at the parts in the order in which a completion needs them, and goes on after a missing one,
// so that one run names all that is wrong.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// kFailed when something is missing; each missing thing is one line on the error stream as well.
int doctor_command(const DoctorOptions& options, Program& program);

}  // namespace inpaint::lsp
