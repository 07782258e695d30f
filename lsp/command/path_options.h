// The paths among the options of a command, brought into one form.
//
// Each is made absolute where the command line is read (engine/base/named_path.h says why and how),
// so that no command has an opinion of its own on `~` or the working folder. A model is named by a
// word as well, and is left to engine/model_search.h.
//
// Errors: those of absolute_path(), for the first path that has one.
#pragma once

#include "engine/base/error.h"
#include "engine/base/named_path.h"
#include "lsp/command/command_options.h"

namespace inpaint::lsp {

engine::Result<void> make_paths_absolute(Command& command, const engine::PathRoots& roots);

}  // namespace inpaint::lsp
