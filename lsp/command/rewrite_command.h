// `inpaint rewrite FILE`: fills all places that a file marks as missing, or writes some of its lines anew.
//
// The file is read and never written: the new text goes to the standard output, with --json the edits.
// Which places are marked: grammar/hole/marked_holes.h. Lines are widened to whole nodes.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code: failure where nothing could be written.
int rewrite_command(const RewriteOptions& options, Program& program);

}  // namespace inpaint::lsp
