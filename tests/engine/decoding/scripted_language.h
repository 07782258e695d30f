// What a scripted model says (scripted_model.h): distributions as functions of the tokens that a
// row sees.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "engine/decoding/model.h"

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

}  // namespace inpaint::engine
