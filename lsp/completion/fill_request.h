// What every request to the engine takes over from the completion that it is made for, be it of one hole or
// of several. Text and holes are the caller's.
#pragma once

#include "engine/engine.h"
#include "lsp/completion/completer.h"

namespace inpaint::lsp {

inline engine::FillRequest fill_request_for(const CompletionRequest& request) {
  engine::FillRequest fill;
  fill.path = request.path;
  fill.snippets = request.snippets;
  fill.neighbours = request.neighbours;
  fill.mode = request.mode;
  fill.threshold = request.threshold;
  fill.alternatives = request.alternatives;
  fill.seed = request.seed;
  fill.stop = request.stop;
  return fill;
}

}  // namespace inpaint::lsp
