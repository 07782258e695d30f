// The contexts that were encoded last, so that a keystroke pays for what it changed.
//
// A few caches of keys and values, each with the tokens it holds. A new context takes the one with
// which it shares the longest beginning, rewinds it to there, and encodes the rest in pieces, looking
// at the stop token between them. Rewinding is exact, because context rows are causal.
//
// Units:  tokens.   Thread rule: engine thread only.   Errors: cancelled, and those of the model.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

class ContextCache {
 public:
  /// `slots`: how many files are kept at a time. `model` and `tokenizer` outlive the cache.
  ContextCache(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special,
               std::size_t slots = 4)
      : model_(model), tokenizer_(tokenizer), special_(special), slots_(slots) {}

  struct Encoded {
    KeyValueCache* cache = nullptr;  // holds exactly the context; until the next encode()
    int reused = 0;                  // tokens that were there already
  };
  Result<Encoded> encode(const std::vector<TokenId>& tokens,
                         const std::function<bool()>& cancelled);
  /// Forgets all of it.
  void clear() { recent_.clear(); }

 private:
  struct Slot {
    std::vector<TokenId> tokens;  // of the first rows of the cache; spans may stand behind them
    std::unique_ptr<KeyValueCache> cache;
  };
  /// Rows of one piece: short enough to stop soon, long enough to run at full speed.
  static constexpr std::size_t kPiece = 128;

  Model& model_;
  const Tokenizer& tokenizer_;
  SpecialTokens special_;
  std::size_t slots_;
  std::list<Slot> recent_;  // most recently used first
};

}  // namespace inpaint::engine
