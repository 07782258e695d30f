// The prompt of a fill request, cut so that it stays while a person types.
//
// Keys and values of a prompt's tokens are cached, and a token that changes costs all that stand
// behind it. So everything is kept on a grid: the anchor, the line border where `far` begins, stays
// where it is while one types above it; the begin of `before` and the end of `far` move in steps,
// and not with every key.
//
// Units:  bytes of the text in, tokens out.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "engine/prompt/prompt.h"

namespace inpaint::engine {

struct Prompt {
  std::vector<TokenId> tokens;
  std::size_t suffix = 0;           // where what stands behind the hole begins, if it comes last;
                                    // else how many tokens there are
  std::size_t anchor_from_end = 0;  // bytes from the anchor to the end of the text
};

/// Lays out the context of `request` in at most `budget` tokens, which are 8 at least.
/// `anchor_from_end`: where an earlier prompt of the same text had its anchor; kept if it still is
/// a line border below the first hole and `near` is short enough. `held`: so many bytes in front of
/// the first hole are not shown; the span says them again (decoding/span_opening.h).
Prompt fill_prompt(const PromptWriter& writer, const FillRequest& request, int budget,
                   std::optional<std::size_t> anchor_from_end, std::size_t held = 0);

}  // namespace inpaint::engine
