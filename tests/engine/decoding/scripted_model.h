// A model of which everything is known: its distributions are a function of the tokens that a row
// sees, and every forward is held against the contract of engine/decoding/model.h.
//
// What it looks for while it runs, each time a sentence in violations():
//   - what check_forward() refuses;
//   - rows see clean rows of the cache only: a row of an open block was not kept;
//   - positions run on without gap or repetition, so that nothing is seen twice or in the wrong
//     place; `<fill_j>` goes back to the end of the context;
//   - what follows an `<end>` is a new span; no mask is a clean row;
//   - a block stands directly behind the clean row that it continues;
//   - copy hints, where they are told, are those of the rows.
// A distribution depends on every token that its row may see. A wrong row in the cache therefore
// shows in the text as well.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/visibility.h"
#include "engine/prompt/copy_hint_lookup.h"
#include "engine/prompt/special_tokens.h"
#include "tests/engine/decoding/scripted_language.h"

namespace inpaint::engine {

inline constexpr int kScriptedPositions = 1 << 20;

class ScriptedCache final : public KeyValueCache {
 public:
  struct Kept {
    Row row;
    int block = kNoBlock;  // of the forward that it came with
  };
  const CachedRows& rows() const override { return known_; }
  void truncate(int length) override {
    known_.truncate(length);
    kept.resize(static_cast<std::size_t>(length));
  }
  Result<void> keep(std::span<const int> rows) override {
    if (Result<void> done = known_.keep(rows); !done) return done;
    std::vector<Kept> all;
    for (const int row : rows) all.push_back(kept[static_cast<std::size_t>(row)]);
    kept = std::move(all);
    return {};
  }
  Result<int> add_segment() override { return known_.add_segment(); }
  Result<void> turn(int segment, int by) override {
    if (Result<void> done = known_.turn(segment, by, kScriptedPositions); !done) return done;
    for (Kept& one : kept)
      if (one.row.segment == segment) one.row.position += by;
    return {};
  }
  void append(std::span<const Row> rows) {
    known_.append(rows);
    for (const Row& row : rows) kept.push_back({row, row.block});
  }
  std::vector<Kept> kept;

 private:
  CachedRows known_;
};

class ScriptedModel final : public Model {
 public:
  ScriptedModel(ScriptedLanguage language, const SpecialTokens& special)
      : language_(std::move(language)), special_(special) {}

  struct Forward {
    int cached = 0;  // rows before it
    std::vector<Row> rows;
    int n_causal = 0;  // rows in front of the first block
    std::vector<int> asked;
  };
  std::vector<Forward> forwards;
  /// The forward that fails, counted from 0, after its rows have reached the cache.
  std::optional<std::size_t> fails_at;
  /// Called before each forward with its number.
  std::function<void(std::size_t)> before_forward;
  /// Masks that speak of the next place say of it what the language proposes there.
  MaskTarget mask_target = MaskTarget::own_place;
  /// Makes it a model whose masks are numbered (ModelTraits::masks).
  int masks = 0;

  /// Makes it a model that is told copy hints: `memory` is what spans may repeat. Hints that are
  /// not those of a lookup which sees the same rows for the first time are a violation.
  void tell_copies(const Tokenizer& tokenizer, std::string memory) {
    tokenizer_ = &tokenizer;
    memory_ = std::move(memory);
  }
  const std::string& memory() const { return memory_; }

  ModelTraits traits() const override {
    return {.vocabulary = kVocabulary,
            .max_positions = kScriptedPositions,
            .masks = masks,
            .copy_hints = tokenizer_ != nullptr ? kCopyHints : 0,
            .mask_target = mask_target};
  }

  const std::vector<std::string>& violations() const { return violations_; }

  std::unique_ptr<KeyValueCache> new_cache() override { return std::make_unique<ScriptedCache>(); }

  Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                            const ForwardInput& input) override {
    if (before_forward) before_forward(forwards.size());
    auto& scripted = static_cast<ScriptedCache&>(cache);
    const auto in_block = [](const Row& row) { return row.block != kNoBlock; };
    const auto n_causal = std::ranges::find_if(input.rows, in_block) - input.rows.begin();
    forwards.push_back({scripted.length(),
                        {input.rows.begin(), input.rows.end()},
                        static_cast<int>(n_causal),
                        {input.asked.begin(), input.asked.end()}});
    if (Result<void> sane = check_forward(traits(), scripted.rows(), input); !sane) {
      violated(sane.error().why);
      return std::unexpected(sane.error());
    }
    const Visibility visibility(scripted.rows(), input.rows);
    scripted.append(input.rows);
    std::vector<Sight> sights;
    for (int row = 0; row < visibility.rows(); ++row)
      sights.push_back(sight_of(scripted, visibility.seen_by(row), forwards.back().cached, row));
    check(sights, input);
    if (fails_at == forwards.size() - 1)
      return failure(ErrorCode::not_finite, "model", "scripted to fail");

    std::vector<Distribution> distributions;
    for (const int row : input.asked) {
      const Sight& sight = sights[static_cast<std::size_t>(row)];
      const ScriptedView sees = view(sight);
      const int place = static_cast<int>(sees.prefix.size()) + sight.place_in_block +
                        (mask_target == MaskTarget::next_place ? 1 : 0);
      distributions.push_back(sight.block.empty() ? language_.next(sees)
                                                  : language_.propose(sees, place));
    }
    for (std::size_t i = 0; i < input.wanted.size(); ++i)
      for (const Candidate& candidate : distributions[i].top)
        if (candidate.token == input.wanted[i]) distributions[i].wanted = candidate.probability;
    return distributions;
  }

 private:
  /// The rows that one row sees, itself included.
  struct Sight {
    std::vector<Row> clean, block;
    int place_in_block = 0;
    bool saw_old_block = false;
  };

  Sight sight_of(const ScriptedCache& cache, std::span<const RowSpan> seen, int n_cached,
                 int self) const {
    Sight sight;
    const int block = cache.kept[static_cast<std::size_t>(n_cached + self)].block;
    for (const RowSpan& span : seen)
      for (int index = span.begin; index < span.end; ++index) {
        const ScriptedCache::Kept& one = cache.kept[static_cast<std::size_t>(index)];
        const bool own = index >= n_cached && block != kNoBlock && one.block == block;
        if (index == n_cached + self) sight.place_in_block = static_cast<int>(sight.block.size());
        (own ? sight.block : sight.clean).push_back(one.row);
        sight.saw_old_block |= !own && one.block != kNoBlock;
      }
    // Rows of a context may lie in the cache in another order than that of the text.
    const auto context_end =
        std::ranges::find_if(sight.clean, [&](const Row& row) { return opens_span(row.token); });
    std::ranges::stable_sort(sight.clean.begin(), context_end, {}, &Row::position);
    return sight;
  }

  bool opens_span(TokenId token) const { return std::ranges::count(special_.fill, token) > 0; }

  ScriptedView view(const Sight& sight) const {
    std::vector<TokenId> seen = tokens_of(sight.clean);
    ScriptedView sees;
    const auto last =
        std::find_if(seen.rbegin(), seen.rend(), [&](TokenId t) { return opens_span(t); });
    const auto begin = last == seen.rend() ? seen.end() : last.base();
    sees.prefix.assign(begin, seen.end());
    if (last != seen.rend())
      sees.hole = static_cast<int>(std::ranges::find(special_.fill, *last) - special_.fill.begin());
    seen.erase(begin, seen.end());
    sees.context = std::move(seen);
    sees.block = tokens_of(sight.block);
    return sees;
  }

  static std::vector<TokenId> tokens_of(std::span<const Row> rows) {
    std::vector<TokenId> tokens;
    for (const Row& row : rows) tokens.push_back(row.token);
    return tokens;
  }

  void violated(const std::string& rule) {
    violations_.push_back("forward " + std::to_string(forwards.size() - 1) + ": " + rule);
  }

  void check(const std::vector<Sight>& sights, const ForwardInput& input) {
    std::vector<bool> goes_on(sights.size());
    for (const Row& row : input.rows)
      if (row.parent != kNoParent && row.block == kNoBlock)
        goes_on[static_cast<std::size_t>(row.parent)] = true;
    for (std::size_t row = 0; row < sights.size(); ++row) {
      if (sights[row].saw_old_block) violated("a row of an open block was seen from outside");
      const bool first_of_block = !sights[row].block.empty() && sights[row].place_in_block == 0;
      if (first_of_block || (sights[row].block.empty() && !goes_on[row])) check_way(sights[row]);
      if (tokenizer_ != nullptr) check_hints(sights[row], input.hints[row]);
    }
  }

  /// The clean rows up to one that none continues, and its block.
  void check_way(const Sight& sight) {
    int position = 0;
    int context = -1;  // its length, once a span is seen
    TokenId before = special_.file;
    for (const Row& row : sight.clean) {
      if (opens_span(row.token)) {
        if (context < 0) context = position;
        position = context;
      } else if (before == special_.end) {
        violated("a row behind <end>");
      }
      if (row.position != position)
        violated("position " + std::to_string(row.position) + ", not " + std::to_string(position));
      if (row.token == special_.mask || row.token == special_.pad || row.token >= kVocabulary)
        violated("a clean row is a mask");
      ++position;
      before = row.token;
    }
    if (!sight.block.empty() && context < 0) violated("a block without a span");
    for (const Row& row : sight.block)
      if (row.position != position++) violated("the block does not stand behind the clean rows");
  }

  void check_hints(const Sight& sight, const CopyHints& hints) {
    std::vector<TokenId> seen = tokens_of(sight.clean);
    const std::size_t n_clean = seen.size();
    for (const Row& row : sight.block) seen.push_back(row.token);
    const std::size_t first = sight.block.empty() ? n_clean - 1 : n_clean;
    const std::vector<CopyHints> expected =
        find_copy_hints(*tokenizer_, special_, seen, first, n_clean, memory_);
    const CopyHints& own = expected[static_cast<std::size_t>(sight.place_in_block)];
    if (!std::ranges::equal(hints, own, [](const CopyHint& a, const CopyHint& b) {
          return a.token == b.token && a.matched == b.matched && a.in_block == b.in_block;
        }))
      violated("wrong copy hints");
  }

  static constexpr int kVocabulary = 1 << 20;

  ScriptedLanguage language_;
  SpecialTokens special_;
  const Tokenizer* tokenizer_ = nullptr;
  std::string memory_;
  std::vector<std::string> violations_;
};

}  // namespace inpaint::engine
