// `inpaint train`: trains a model and says how it goes.
//
// The trainer writes its log to disk; the same lines appear here. Ctrl-C saves and leaves with
// kInterrupted and a word on how to go on.
#pragma once

#include "engine/train_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// The exit code.
int train_command(const engine::TrainOptions& options, Program& program);

}  // namespace inpaint::lsp
