// How a span begins whose hole begins in the middle of a token.
//
// A cursor stands anywhere, and the bytes in front of it may be a part of a token only: a model that
// is shown "retu" as the end of its prompt has seldom seen "rn" behind it, since "return" is one token.
// So the prompt ends in front of the piece of text that the cursor cuts, and the first tokens of the
// span say the held bytes again and may go on behind them.
//
// Source: token healing (Guidance); "exact byte-level probabilities", arXiv 2410.09303, section 1.
// Units:  tokens, bytes.
#pragma once

#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Nothing, where the hole begins at the border of a token.
struct SpanOpening {
  std::vector<TokenId> tokens;  // behind `<fill_j>`: the held bytes, and what the last one adds
  std::string given;            // what it adds: the first bytes of the span's text
  float probability = 1.0F;     // of the tokens, given the held bytes
};

}  // namespace inpaint::engine
