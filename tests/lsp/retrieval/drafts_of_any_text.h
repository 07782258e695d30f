// What the drafts of any text hold, whoever finds them: random texts of few pieces, so that everything
// repeats, and holes anywhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"
#include "lsp/retrieval/draft.h"

namespace inpaint::lsp::test {

/// `find` makes drafts of a DraftRequest; `check` is asked about each of them as well.
template <class Find, class Check>
void expect_drafts_of_any_text(const std::vector<std::string>& pieces, Find find, Check check) {
  using grammar::HoleKind;
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t n = random() % 60;
    std::vector<std::size_t> borders = {0};
    for (std::size_t i = 0; i < n; ++i) {
      text += pieces[random() % pieces.size()];
      borders.push_back(text.size());
    }
    std::size_t begin = borders[random() % borders.size()];
    std::size_t end = borders[random() % borders.size()];
    if (begin > end) std::swap(begin, end);
    const auto kind = static_cast<HoleKind>(random() % 7);
    const std::vector<std::string> neighbours(random() % 2, text);
    const DraftRequest request{.text = text,
                               .hole = {begin, end},
                               .kind = kind,
                               .max_drafts = 1 + random() % 4,
                               .neighbours = neighbours};
    const std::vector<Draft> drafts = find(request);
    EXPECT_LE(drafts.size(), request.max_drafts);
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const Draft& draft = drafts[i];
      EXPECT_TRUE(draft.neighbour || draft.source.end <= begin || draft.source.begin >= end)
          << text;
      EXPECT_EQ(engine::valid_utf8_prefix(draft.text), draft.text.size()) << text;
      EXPECT_NE(draft.text.find_first_not_of(" \t\r\n"), std::string::npos) << text;
      if (kind != HoleKind::statement && kind != HoleKind::block && kind != HoleKind::span) {
        EXPECT_EQ(draft.text.find('\n'), std::string::npos) << text;
      }
      for (std::size_t j = 0; j < i; ++j) EXPECT_NE(draft.text, drafts[j].text) << text;
      check(request, drafts, i);
    }
    EXPECT_EQ(find(request), drafts) << text;
  }
}

}  // namespace inpaint::lsp::test
