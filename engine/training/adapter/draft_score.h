// How far masks foresee what the base writes: the measure of an adapter.
//
// Spans of held-out documents are written once and kept with their keys and values. Masks stand behind
// every place of them; a draft counts up to its first wrong token, each token being chosen behind the one
// that was chosen on its left. Tokens a forward are those of decoding with a fresh draft each time: from
// the opening on, a forward writes the token of the causal row and as many of the draft behind it as are
// right (engine/decoding/span_decoder.h).
//
// Thread rule: the training thread only.
#pragma once

#include <vector>

#include "engine/tokenizer/tokenizer.h"
#include "engine/training/adapter/adapter_network.h"

namespace inpaint::engine {

struct DraftScores {
  std::vector<double>
      right;  // of each distance: share of places where the draft is right up to there
  double per_forward = 1.0;          // tokens, over whole spans
  double of_line_per_forward = 1.0;  // up to the end of the first line: what is shown at a key
  double loss = 0.0;                 // cross entropy of the rows with a target, nats
};

/// `tokenizer`: of the spans.
DraftScores score_drafts(const AdapterNetwork& network, const Tokenizer& tokenizer,
                         std::span<const WrittenSpan> spans);

}  // namespace inpaint::engine
