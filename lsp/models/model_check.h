// Whether a model works, seen from outside: what it says of itself, and what it writes into a gap that a
// newcomer could fill.
//
// The engine has read every tensor and the tokenizer when it is open. The gap is asked for twice: the
// first answer also pays for what is done once, the second is the measurement.
//
// Units:  tokens, milliseconds.
// Errors: those of Engine::fill(); bad_weights (it answers, and not with text).
// Thread rule: the engine's.
#pragma once

#include <stop_token>
#include <string>

#include "engine/engine.h"

namespace inpaint::lsp {

struct ModelCheck {
  std::string before;  // the gap's line up to it
  std::string text;    // what the model writes there
  int tokens = 0;
  double tokens_per_second = 0.0;  // 0: too fast to tell, or nothing was written
  double context_ms = 0.0;         // of the first answer
  int context_tokens = 0;
};

engine::Result<ModelCheck> check_model(engine::Engine& engine, const std::stop_token& stop);

/// Whether masks draft for it, or why not.
std::string describe_adapter(const engine::EngineInfo& info);

/// For `doctor`-like rows: family, size, layers, context.
std::string describe(const engine::EngineInfo& info);

}  // namespace inpaint::lsp
