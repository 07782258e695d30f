// Draws a fill in its place: the lines around the hole with their numbers, the fill marked.
//
// In colour each token is shaded by the confidence the model had in it, from red to green on grey;
// without colour the fill stands between [[ and ]]. Tokens that are still masked are drawn as ░.
// Pure functions from values to text, so that tests compare whole pictures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "grammar/base/byte_range.h"
#include "lsp/terminal/text_canvas.h"

namespace inpaint::lsp {

using grammar::ByteRange;

struct FillView {
  std::string_view text;                  // of the whole file
  ByteRange hole;                         // replaced by the tokens
  std::vector<engine::SpanToken> tokens;  // may be cut inside of a character
  int context_lines = 4;                  // shown above and below the hole
  bool color = false;
};

std::vector<DrawnLine> draw_fill(const FillView& view);

/// The tokens alone, on one line; a line end is drawn as ↵.
std::string draw_tokens(const std::vector<engine::SpanToken>& tokens, bool color);

/// Text on one line: line ends as ↵, control characters as pictures.
std::string on_one_line(std::string_view text);

/// Tokens that spell exactly `text`, a prefix of what `tokens` spell.
std::vector<engine::SpanToken> cut_tokens(std::vector<engine::SpanToken> tokens,
                                          std::string_view text);

}  // namespace inpaint::lsp
