// How the cases of an evaluation are answered.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/engine.h"

namespace inpaint::lsp {

/// Which drafts.
enum class Drafts : std::uint8_t { copies, analogies, both };

struct RunnerOptions {
  engine::DecodingOptions decoding{.gate = false};  // the gate also holds back drafts that answer
  bool length_by_kind = true;                       // in place of decoding.max_tokens
  bool drafts = true;                               // spans that match go to the model
  std::optional<Drafts> without_engine;             // then these answer
  int typed = 0;  // characters at the end of the prefix that are typed, each a question of its own
  bool viable_prefix = true;  // asked while the model writes
  bool neighbours = true;     // the case's other files are open, also for drafts
  bool snippets = false;      // the model is shown their beginning as well
  bool candidates = false;    // all of them are in the result, with what the ranking saw
};

}  // namespace inpaint::lsp
