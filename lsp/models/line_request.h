// The rest of a line, asked of an engine directly: nothing but the model shows in the answer.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "engine/engine.h"

namespace inpaint::lsp {

/// What stands between `before` and `behind`, in one line and in `max_tokens` at most.
inline engine::FillRequest line_request(std::string_view path, std::string_view before,
                                        std::string_view behind, int max_tokens,
                                        const std::stop_token& stop) {
  engine::FillRequest request;
  request.path = path;
  request.text = std::string(before) + std::string(behind);
  engine::Hole hole;
  hole.range = {before.size(), before.size()};
  hole.stops_at_newline = true;
  request.holes.push_back(std::move(hole));
  request.decoding.max_tokens = max_tokens;
  request.decoding.gate = false;
  request.stop = stop;
  return request;
}

}  // namespace inpaint::lsp
