// Turns the arguments of the program into values, and explains itself.
//
// Errors: bad_argument (wrong use): a word that is no command or option, a missing or impossible
//         value. Whether files exist is for the commands to find out.
#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "lsp/command/command_options.h"

namespace inpaint::lsp {

/// `arguments` without the program's name.
engine::Result<Command> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace inpaint::lsp
