// The part of a large file that is worth handing to the engine.
//
// The engine shows the model a few thousand tokens; tokenising megabytes for that would cost more
// than the fill. So a large text is cut to a window around the hole, at line borders where lines
// are of a sane length. The borders move in steps: the beginning stays at the same distance from the
// beginning of the file, the end from its end, while the cursor moves within a step, so that typing
// does not slide the window and spoil the engine's cached context.
//
// Units: bytes. Cost: O(step).
#pragma once

#include <cstddef>
#include <string_view>

#include "grammar/base/byte_range.h"

namespace inpaint::lsp {

using grammar::ByteRange;

struct WindowLimits {
  std::size_t before = 160 * 1024;  // at most this much in front of the hole,
  std::size_t after = 96 * 1024;    // and this much behind it: together 256 kB
  std::size_t step = 32 * 1024;     // less than either
};

/// The sides of the hole that are shown: [window.begin, hole.begin) and [hole.end, window.end).
/// Begins behind a byte order mark. Where no line border is near, cuts between two characters.
ByteRange cut_window(std::string_view text, ByteRange hole, const WindowLimits& limits = {});

}  // namespace inpaint::lsp
