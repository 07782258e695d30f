// What is drafted before each forward of a span that is verified left to right, and behind which of
// its tokens masks are asked to propose what comes next.
//
// A draft of k tokens has k + 1 ends: the text that is certain, and each token of the draft. The
// verifying forward comes to one of them, and where masks stood behind that one there is a fresh
// draft for the next forward. Drafts propose and never decide, so no policy changes the text.
//
//   trailing_block.h  one block behind the whole draft: models whose masks were trained with them
//   draft_planner.h   a block behind each end that is worth it: published weights with an adapter
//
// Thread rule: engine thread only.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// What a mask says of its place.
struct Foretold {
  TokenId token = 0;
  float probability = 0.0F;
  bool is_end = false;  // `<end>`, which is not drafted: the row in front of it says so for nothing
  bool closes = false;  // the span is over with it
};

/// What is known in front of a forward.
struct DraftSources {
  std::span<const TokenId> given;      // has to be the draft, as it is; empty: none is given
  std::span<const Foretold> by_masks;  // of the places behind the certain text
  /// What the text repeats, for the same places. Costs a search, and is called once at most.
  std::function<std::vector<TokenId>()> copied = [] { return std::vector<TokenId>(); };
  int certain = 1;     // rows that run in any case
  int masks = 0;       // of a block at most; 0: there are none
  int room = 0;        // tokens that the span may still get
  bool first = false;  // the text in front is not what the forward before has left
};

struct DraftPlan {
  std::vector<TokenId> draft;
  std::vector<int> blocks;  // [draft.size() + 1]: how many masks behind each end
};

/// What a forward gave.
struct DraftOutcome {
  std::span<const TokenId> written;  // what was right of the draft, and the next token
  std::span<const Foretold>
      proposed;  // of the places behind that; none where nothing speaks of them
  int rows = 0;
  double seconds = 0.0;
};

class DraftPolicy {
 public:
  virtual ~DraftPolicy() = default;
  /// Neither draft nor blocks reach beyond the room; blocks are of `masks` at most.
  virtual DraftPlan plan(const DraftSources& sources) = 0;
  /// After the forward that was planned last.
  virtual void learn(const DraftOutcome& outcome) = 0;
};

}  // namespace inpaint::engine
