// What every request to the engine takes over from the completion that it is made for, be it of one hole or
// of several. Text and holes are the caller's.
#pragma once

#include "engine/engine.h"
#include "lsp/completion/completer.h"

namespace inpaint::lsp {

inline engine::FillRequest fill_request_for(const CompletionRequest& request) {
  engine::FillRequest fill;
  fill.path = request.place.path;
  fill.snippets = request.place.snippets;
  fill.neighbours = request.place.neighbours;
  fill.decoding = request.decoding;
  fill.stop = request.stop;
  return fill;
}

}  // namespace inpaint::lsp
