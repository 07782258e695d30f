// A model of which everything is known: its distributions are a function of the tokens that a row
// sees, and every forward is held against the contract of engine/decoding/model.h.
//
// What it looks for while it runs, each time a sentence in violations():
//   - the cache holds clean rows only: a row of an open block was not kept;
//   - positions run on without gap or repetition, so that nothing is cached twice or in the wrong
//     place; `<fill_j>` goes back to the end of the context;
//   - what follows an `<end>` is a new span; no mask is a clean row;
//   - the open block stands directly behind the last clean row;
//   - only rows that exist are asked for, in order;
//   - copy hints, where they are told, are those of the rows.
// A distribution depends on every token that its row may see. A wrong row in the cache therefore
// shows in the text as well.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/prompt/copy_hint_lookup.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

/// What a row sees.
struct ScriptedView {
  std::vector<TokenId> context;  // in front of the span, earlier spans included
  int hole = -1;                 // of the span; -1: the row belongs to the context
  std::vector<TokenId> prefix;   // clean tokens of the span
  std::vector<TokenId> block;    // of the open block; empty for a clean row
};

/// What is likely: the token after a view, and the token in place `index` of the span.
struct ScriptedLanguage {
  std::function<Distribution(const ScriptedView&)> next;
  std::function<Distribution(const ScriptedView&, int index)> propose;
};

/// `best` with its probability, the others with what is left, all of it distinct.
inline Distribution scripted_distribution(Candidate best, const std::vector<TokenId>& others) {
  Distribution distribution;
  std::size_t n = 0;
  distribution.top[n++] = best;
  const float rest = (1.0F - best.probability) / 32.0F;
  for (const TokenId token : others) {
    if (token == best.token) continue;
    if (n == distribution.top.size()) break;
    distribution.top[n] = {token, rest * (2.0F - static_cast<float>(n) / 16.0F)};
    ++n;
  }
  return distribution;
}

/// Says the same text for each hole, whatever was written before: texts[j] for hole j.
struct ScriptedTexts {
  std::vector<std::vector<TokenId>> texts;
  TokenId end = 0;
  std::vector<TokenId> others;  // at least 16 tokens, the less likely ones
  float certainty = 0.95F;
  /// What the masks propose where it is not the text: {hole, index} -> choice.
  std::map<std::pair<int, int>, Candidate> masks;

  TokenId at(int hole, std::size_t index) const {
    const auto& text = texts[static_cast<std::size_t>(hole)];
    return index < text.size() ? text[index] : end;
  }
  ScriptedLanguage language() const {
    return {[*this](const ScriptedView& view) {
              return scripted_distribution({at(view.hole, view.prefix.size()), certainty}, others);
            },
            [*this](const ScriptedView& view, int index) {
              if (const auto found = masks.find({view.hole, index}); found != masks.end())
                return scripted_distribution(found->second, others);
              return scripted_distribution(
                  {at(view.hole, static_cast<std::size_t>(index)), certainty}, others);
            }};
  }
};

/// A language drawn by a seed. Its masks often foresee what will be said, and are often wrong.
inline ScriptedLanguage random_language(std::uint64_t seed, std::vector<TokenId> alphabet,
                                        TokenId end) {
  // Every token that is seen counts, in its order.
  const auto draws = [seed](const ScriptedView& view) {
    std::uint64_t hash = seed * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(view.hole) + 77;
    const auto add = [&](const std::vector<TokenId>& tokens) {
      for (const TokenId token : tokens)
        hash = (hash ^ static_cast<std::uint64_t>(token)) * 0x100000001B3U + 0x2545F491U;
      hash = hash * 31 + 7;
    };
    add(view.context);
    add(view.prefix);
    add(view.block);
    return std::mt19937_64(hash);
  };
  const auto draw = [alphabet, end](std::mt19937_64& random, std::uint64_t ends_in) {
    std::vector<TokenId> others = alphabet;
    std::rotate(others.begin(),
                others.begin() + static_cast<std::ptrdiff_t>(random() % others.size()),
                others.end());
    const TokenId best = random() % ends_in == 0 ? end : others.front();
    others.insert(others.begin() + 2, end);
    return scripted_distribution(
        {best, 0.2F + 0.79F * static_cast<float>(random() % 1000) / 1000.0F}, others);
  };
  const auto next = [draws, draw](const ScriptedView& view) {
    std::mt19937_64 random = draws(view);
    return draw(random, 12);
  };
  const auto propose = [draws, draw, next](const ScriptedView& view, int index) {
    std::mt19937_64 random = draws(view);
    random.discard(static_cast<unsigned long long>(index));
    if (random() % 4 == 0) return draw(random, 8);
    ScriptedView ahead = view;
    ahead.block.clear();
    while (static_cast<int>(ahead.prefix.size()) < index)
      ahead.prefix.push_back(next(ahead).best().token);
    return next(ahead);
  };
  return {next, propose};
}

class ScriptedCache final : public KeyValueCache {
 public:
  struct Kept {
    Row row;
    bool clean = true;
  };
  int length() const override { return static_cast<int>(rows.size()); }
  void truncate(int length) override {
    if (length < this->length()) rows.resize(static_cast<std::size_t>(length));
  }
  std::vector<Kept> rows;
};

class ScriptedModel final : public Model {
 public:
  ScriptedModel(ScriptedLanguage language, const SpecialTokens& special)
      : language_(std::move(language)), special_(special) {}

  struct Forward {
    int cached = 0;  // rows before it
    std::vector<Row> rows;
    int n_causal = 0;
    std::vector<int> asked;
  };
  std::vector<Forward> forwards;
  /// The forward that fails, counted from 0, after its rows have reached the cache.
  std::optional<std::size_t> fails_at;
  /// Called before each forward with its number.
  std::function<void(std::size_t)> before_forward;

  /// Makes it a model that is told copy hints: `memory` is what spans may repeat. Hints that are not
  /// those of a lookup which sees the same rows for the first time are a violation.
  void tell_copies(const Tokenizer& tokenizer, std::string memory) {
    tokenizer_ = &tokenizer;
    memory_ = std::move(memory);
  }
  const std::string& memory() const { return memory_; }
  ModelTraits traits() const override {
    return {.copy_hints = tokenizer_ != nullptr ? kCopyHints : 0};
  }

  const std::vector<std::string>& violations() const { return violations_; }

  std::unique_ptr<KeyValueCache> new_cache() override { return std::make_unique<ScriptedCache>(); }

  Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                            const ForwardInput& input) override {
    if (before_forward) before_forward(forwards.size());
    auto& kept = static_cast<ScriptedCache&>(cache);
    forwards.push_back({kept.length(),
                        {input.rows.begin(), input.rows.end()},
                        input.n_causal,
                        {input.asked.begin(), input.asked.end()}});
    check(kept, input);
    std::vector<TokenId> seen;
    for (const ScriptedCache::Kept& row : kept.rows) seen.push_back(row.row.token);
    const std::size_t n_cached = seen.size();
    const auto n_causal = static_cast<std::size_t>(input.n_causal);
    std::vector<TokenId> block;
    for (std::size_t i = 0; i < input.rows.size(); ++i) {
      (i < n_causal ? seen : block).push_back(input.rows[i].token);
      kept.rows.push_back({input.rows[i], i < n_causal});
    }
    std::vector<TokenId> all = seen;
    all.insert(all.end(), block.begin(), block.end());
    check_hints(all, n_cached, seen.size(), input.hints);
    if (fails_at == forwards.size() - 1)
      return failure(ErrorCode::not_finite, "model", "scripted to fail");
    std::vector<Distribution> distributions;
    for (const int row : input.asked) {
      const auto at = static_cast<std::size_t>(row);
      if (at < n_causal) {
        distributions.push_back(language_.next(view(
            {seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(n_cached + at + 1)}, {})));
      } else {
        const ScriptedView sees = view(seen, block);
        distributions.push_back(
            language_.propose(sees, static_cast<int>(sees.prefix.size() + at - n_causal)));
      }
    }
    for (std::size_t i = 0; i < input.wanted.size(); ++i)
      for (const Candidate& candidate : distributions[i].top)
        if (candidate.token == input.wanted[i]) distributions[i].wanted = candidate.probability;
    return distributions;
  }

 private:
  bool opens_span(TokenId token) const { return std::ranges::count(special_.fill, token) > 0; }

  ScriptedView view(std::vector<TokenId> seen, std::vector<TokenId> block) const {
    ScriptedView sees;
    const auto last =
        std::find_if(seen.rbegin(), seen.rend(), [&](TokenId t) { return opens_span(t); });
    const auto begin = last == seen.rend() ? seen.end() : last.base();
    sees.prefix.assign(begin, seen.end());
    if (last != seen.rend())
      sees.hole = static_cast<int>(std::ranges::find(special_.fill, *last) - special_.fill.begin());
    seen.erase(begin, seen.end());
    sees.context = std::move(seen);
    sees.block = std::move(block);
    return sees;
  }

  void violated(const std::string& rule) {
    violations_.push_back("forward " + std::to_string(forwards.size() - 1) + ": " + rule);
  }

  void check(const ScriptedCache& cache, const ForwardInput& input) {
    const int n_rows = static_cast<int>(input.rows.size());
    if (n_rows == 0 || input.n_causal < 0 || input.n_causal > n_rows)
      return violated("no rows, or more causal ones than there are");
    std::vector<Row> clean;
    for (const ScriptedCache::Kept& kept : cache.rows) {
      if (!kept.clean) violated("the cache kept a row of an open block");
      clean.push_back(kept.row);
    }
    clean.insert(clean.end(), input.rows.begin(), input.rows.begin() + input.n_causal);
    int position = 0;
    int context = -1;  // its length, once a span is seen
    TokenId before = special_.file;
    for (const Row& row : clean) {
      if (opens_span(row.token)) {
        if (context < 0) context = position;
        position = context;
      } else if (before == special_.end) {
        violated("a row behind <end>");
      }
      if (row.position != position)
        violated("position " + std::to_string(row.position) + ", not " + std::to_string(position));
      if (row.token == special_.mask || row.token == special_.pad)
        violated("a clean row is a mask");
      ++position;
      before = row.token;
    }
    if (input.n_causal < n_rows && context < 0) violated("a block without a span");
    for (int i = input.n_causal; i < n_rows; ++i, ++position)
      if (input.rows[static_cast<std::size_t>(i)].position != position)
        violated("the block does not stand behind the clean rows");
    for (std::size_t i = 0; i < input.asked.size(); ++i)
      if (input.asked[i] < 0 || input.asked[i] >= n_rows ||
          (i > 0 && input.asked[i] <= input.asked[i - 1]))
        violated("asked for a row that is not there, or twice");
  }

  void check_hints(const std::vector<TokenId>& seen, std::size_t first, std::size_t n_causal,
                   std::span<const CopyHints> hints) {
    if (tokenizer_ == nullptr) {
      if (!hints.empty()) violated("copy hints, which the model is not told");
      return;
    }
    const std::vector<CopyHints> expected =
        find_copy_hints(*tokenizer_, special_, seen, first, n_causal, memory_);
    const auto same = [](const CopyHints& a, const CopyHints& b) {
      return std::ranges::equal(a, b, [](const CopyHint& x, const CopyHint& y) {
        return x.token == y.token && x.matched == y.matched && x.in_block == y.in_block;
      });
    };
    if (!std::ranges::equal(hints, expected, same)) violated("wrong copy hints");
  }

  ScriptedLanguage language_;
  SpecialTokens special_;
  const Tokenizer* tokenizer_ = nullptr;
  std::string memory_;
  std::vector<std::string> violations_;
};

}  // namespace inpaint::engine
