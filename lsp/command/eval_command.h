// `inpaint eval`: answers every case of a file, writes the answers as they come, and sums them up.
//
// Answers stand in the order of the cases, each line written whole, so that what a ctrl-C leaves
// behind is the beginning of the whole; --resume reads it back and goes on behind it. With several
// jobs the planning and checking of some cases goes on while the engine serves another, on a thread
// that all of them share (lsp/evaluation/engine_thread.h).
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

int eval_command(const EvalOptions& options, Program& program);

}  // namespace inpaint::lsp
