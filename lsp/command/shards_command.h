// `inpaint shards`: turns a corpus into the files that training data travels in, and checks them.
//
// Both are free of torch: they need no engine.
#pragma once

#include "lsp/command/command_options.h"
#include "lsp/command/program.h"

namespace inpaint::lsp {

/// Packs; says each shard as it is written. The exit code.
int shards_command(const ShardsPackOptions& options, Program& program);

/// Checks; kFailed when something is wrong with a shard, each fault as one line on the error stream.
int shards_command(const ShardsVerifyOptions& options, Program& program);

}  // namespace inpaint::lsp
