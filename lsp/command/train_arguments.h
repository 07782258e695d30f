// The words of `inpaint train` on the command line.
//
// Beside command_line.cpp, which reads them together with those of the other commands: they are used by
// those who train, and are many.
#pragma once

#include "engine/base/error.h"
#include "engine/train_options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace inpaint::lsp {

/// Keeps references to `options` until the arguments are parsed.
void add_train(CLI::App& app, engine::TrainOptions& options);

/// Once they are: what an adapter is trained with where nothing else was asked. bad_argument where words
/// do not go together.
engine::Result<void> settle_train(const CLI::App& app, engine::TrainOptions& options);

}  // namespace inpaint::lsp
