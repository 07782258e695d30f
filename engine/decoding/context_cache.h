// The contexts that were encoded last, so that a keystroke pays for what it changed.
//
// A few caches of keys and values, each with the tokens it holds. A new context takes the one with
// which it shares most, keeps what they share, and encodes the rest in pieces, looking at the stop
// token between them.
//
// Exact reuse: the longest common beginning, because context rows are causal.
//
// Reuse while somebody types, where the text behind the cursor comes last in a prompt (fim_format.h): a
// token more in front of it would move all of it. So the cached suffix is *turned* to its new positions,
// which is exact, and only its first kFreshRows rows are read anew, behind all that stands in front now:
// in the row of the suffix's marker a model notes how the prefix ended. The rest of the suffix has seen the
// prefix of some tokens ago: it is stale. On Qwen2.5-Coder-0.5B exact match was that of a fresh prompt
// after twenty tokens still (tests/quality/README.md, "A stale suffix").
// The promise: only who allows it gets a stale suffix, by kMostStale tokens at most; refresh() ends it.
//
// Units:  tokens.   Thread rule: engine thread only.   Errors: cancelled, and those of the model.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/suffix_run.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

struct Context {
  std::vector<TokenId> tokens;
  std::size_t suffix = tokens.size();  // what stands behind the cursor begins here, and comes last
};

class ContextCache {
 public:
  /// `slots`: how many files are kept at a time. `model` and `tokenizer` outlive the cache.
  ContextCache(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special,
               std::size_t slots = 4)
      : model_(model), tokenizer_(tokenizer), special_(special), slots_(slots) {}

  /// Rows of a stale suffix that are read anew with each key, its marker first.
  static constexpr std::size_t kFreshRows = 8;
  /// Tokens by which the text in front may have changed since a suffix was read.
  static constexpr std::size_t kMostStale = 32;

  enum class Suffix { exact, may_be_stale };

  struct Encoded {
    KeyValueCache* cache = nullptr;  // its first rows are the context's; until the next encode()
    int reused = 0;                  // tokens that were there already
    int stale = 0;                   // tokens by which the suffix is behind; 0: exact
  };
  Result<Encoded> encode(const Context& context, const std::function<bool()>& cancelled,
                         Suffix suffix = Suffix::exact);
  /// Reads the suffix of the newest context anew where it is stale. Cancelled, it leaves all as it was.
  Result<void> refresh(const std::function<bool()>& cancelled);
  /// Forgets all of it.
  void clear() { recent_.clear(); }

 private:
  struct Slot {
    std::unique_ptr<KeyValueCache> cache;  // spans may stand behind the context
    Context context;
    std::vector<int> rows;  // of the cache, for each token; ascending unless the suffix is stale
    int segment = 0, spare = 0;  // that the suffix is in, and that it is read anew in
    std::size_t stale = 0;
  };
  /// How a slot serves a context without an exact suffix.
  struct Turn {
    std::size_t prefix = 0;  // tokens that stay in front
    SuffixRun run;           // of the suffixes
    std::size_t stale = 0;
  };
  /// Rows of one piece: short enough to stop soon, long enough to run at full speed.
  static constexpr std::size_t kPiece = 128;
  /// Of a refresh: short enough for a key that comes meanwhile.
  static constexpr std::size_t kShortPiece = 32;

  Slot& slot_for(const Context& context);
  std::optional<Turn> turn_for(const Slot& slot, const Context& context) const;
  Result<Encoded> turned(Slot& slot, const Context& context, const Turn& turn);
  Result<Encoded> exact(Slot& slot, const Context& context, const std::function<bool()>& cancelled);

  Model& model_;
  const Tokenizer& tokenizer_;
  SpecialTokens special_;
  std::size_t slots_;
  std::list<Slot> recent_;  // most recently used first
};

}  // namespace inpaint::engine
