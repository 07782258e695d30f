// A request written as text with marks: `^` is an empty hole, `[[...]]` one with something in it.
#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace inpaint::engine {

inline FillRequest marked_request(std::string_view marked, std::string path = "a.py") {
  FillRequest request;
  request.path = std::move(path);
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (marked[i] == '^') {
      request.holes.push_back({.range = {request.text.size(), request.text.size()}});
    } else if (marked.substr(i, 2) == "[[") {
      request.holes.push_back({.range = {request.text.size(), 0}});
      ++i;
    } else if (marked.substr(i, 2) == "]]") {
      request.holes.back().range.end = request.text.size();
      ++i;
    } else {
      request.text += marked[i];
    }
  }
  return request;
}

}  // namespace inpaint::engine
