// Every rule of the header, recomputed here by another way and for each pair of rows.
#include "engine/training/corpus/training_sample.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/prompt/inpaint_format.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

/// What the rows of a sample are, found from tokens, kinds and positions alone.
struct SampleRow {
  int span = -1;   // number of the span; -1: context or unused
  int place = -2;  // in the span: -1 is `<fill_j>`, 0 the first token, length is `<end>`
  int copy = -1;   // which noised copy of the span
  int block = -1;  // of the copy
};

class TrainingSampleTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  const LossWeights weights_{0.5F, 1.0F, 0.75F, 0.1F};

  SampleWriter writer(const SampleShape& shape) const {
    return {{tokenizer_, special_, kInpaint1}, shape, weights_};
  }

  /// A text with `spans` of these lengths, of tokens that are all different.
  SampleText text_of(const std::vector<int>& lengths, int context) const {
    SampleText text;
    TokenId next = 1000;
    text.parts.path = {next++};
    for (int i = 0; i < context - 5; ++i) text.parts.before.push_back(next++);
    for (const int length : lengths) {
      text.spans.emplace_back();
      for (int i = 0; i < length; ++i) text.spans.back().push_back(next++);
    }
    return text;
  }

  /// Which row is which. `n_context`: of the prompt without its padding.
  std::vector<SampleRow> analyse(const TrainingSample& sample, const SampleText& text,
                                 const SampleShape& shape, int n_context, int width) const {
    std::vector<SampleRow> rows(static_cast<std::size_t>(shape.rows()));
    int row = shape.context;
    for (std::size_t j = 0; j < text.spans.size(); ++j)
      for (int place = -1; place <= static_cast<int>(text.spans[j].size()); ++place, ++row)
        rows[static_cast<std::size_t>(row)] = {static_cast<int>(j), place, -1, -1};
    // The copies: each row says its place by its position; which span it is of follows from the
    // order, which is round by round, leaving out what has no room.
    std::vector<int> n_copies(text.spans.size(), 0);
    for (bool wrote = true; wrote;) {
      wrote = false;
      for (std::size_t j = 0; j < text.spans.size(); ++j) {
        const int length = static_cast<int>(text.spans[j].size());
        const int size = (length + 1 + width - 1) / width * width;
        if (row + size > shape.rows()) continue;
        for (int place = 0; place < size; ++place, ++row) {
          rows[static_cast<std::size_t>(row)] = {static_cast<int>(j), place, n_copies[j],
                                                 place / width};
          EXPECT_EQ(sample.positions[static_cast<std::size_t>(row)], n_context + 1 + place);
        }
        ++n_copies[j];
        wrote = true;
      }
    }
    for (const int n : n_copies) EXPECT_GE(n, 1) << "every span is learned";
    return rows;
  }

  /// Holds one sample against all rules. Returns whether spans see earlier ones.
  bool check(const TrainingSample& sample, const SampleText& text, const SampleShape& shape,
             int width) const {
    const std::vector<TokenId> context = kInpaint1.assemble(special_, text.parts);
    const int n_context = static_cast<int>(context.size());
    const auto rows = analyse(sample, text, shape, n_context, width);
    const int n_rows = shape.rows();
    const auto visible = [&](int row, int other) {
      return sample.visible[static_cast<std::size_t>(row - shape.context) *
                                static_cast<std::size_t>(n_rows) +
                            static_cast<std::size_t>(other)] != 0;
    };
    const auto span_token = [&](const SampleRow& row) {
      const auto& span = text.spans[static_cast<std::size_t>(row.span)];
      if (row.place < 0) return special_.fill[static_cast<std::size_t>(row.span)];
      return row.place < static_cast<int>(span.size()) ? span[static_cast<std::size_t>(row.place)]
                                                       : special_.end;
    };

    for (int i = 0; i < shape.context; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const bool used = i < n_context;
      EXPECT_EQ(sample.tokens[at], used ? context[at] : special_.pad);
      EXPECT_EQ(sample.kinds[at], used ? RowKind::context : RowKind::unused);
      EXPECT_EQ(sample.positions[at], used ? i : 0);
      const bool learned = i + 1 < n_context && !tokenizer_.is_special(context[at + 1]);
      EXPECT_EQ(sample.targets[at], learned ? context[at + 1] : -1);
      EXPECT_EQ(sample.weights[at], learned ? weights_.context : 0.0F);
    }

    // The second span's first row tells whether this sequence shows earlier spans.
    const int first_clean = shape.context;
    bool shows_earlier = false;
    for (int i = shape.context; i < n_rows; ++i)
      if (rows[static_cast<std::size_t>(i)].span == 1) {
        shows_earlier = visible(i, first_clean);
        break;
      }

    std::map<std::pair<int, int>, std::map<int, bool>> hidden;  // span, copy -> place -> masked
    for (int i = shape.context; i < n_rows; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const SampleRow row = rows[at];
      if (row.span < 0) {
        EXPECT_EQ(sample.kinds[at], RowKind::unused);
        EXPECT_EQ(sample.targets[at], -1);
        EXPECT_EQ(sample.weights[at], 0.0F);
        for (int k = 0; k < n_rows; ++k) EXPECT_EQ(visible(i, k), i == k) << i << " sees " << k;
        continue;
      }
      const int length = static_cast<int>(text.spans[static_cast<std::size_t>(row.span)].size());
      const bool clean = row.copy < 0;
      EXPECT_EQ(sample.kinds[at], clean                 ? RowKind::clean
                                  : row.place <= length ? RowKind::noised
                                                        : RowKind::padding);
      EXPECT_EQ(sample.positions[at], n_context + 1 + row.place);
      if (clean) {
        EXPECT_EQ(sample.tokens[at], span_token(row));
        const bool last = row.place == length;
        SampleRow next = row;
        ++next.place;
        EXPECT_EQ(sample.targets[at], last ? -1 : span_token(next));
        EXPECT_EQ(sample.weights[at], last ? 0.0F : weights_.clean);
      } else {
        const bool masked = sample.tokens[at] == special_.mask;
        hidden[{row.span, row.copy}][row.place] = masked;
        if (row.place >= length) {
          EXPECT_TRUE(masked) << "<end> and what follows it are never shown";
        }
        if (!masked) {
          EXPECT_EQ(sample.tokens[at], span_token(row));
        }
        EXPECT_EQ(sample.targets[at], masked ? span_token(row) : -1);
        EXPECT_EQ(sample.weights[at], !masked               ? 0.0F
                                      : row.place <= length ? weights_.noised
                                                            : weights_.padding);
      }
      for (int k = 0; k < n_rows; ++k) {
        const SampleRow other = rows[static_cast<std::size_t>(k)];
        bool sees = k < n_context;
        if (other.span == row.span && other.span >= 0 && other.copy < 0) {
          // A clean row sees itself; a block sees what stands in front of it.
          sees = clean ? other.place <= row.place : other.place < row.block * width;
        } else if (other.span >= 0 && other.span < row.span && other.copy < 0) {
          sees = shows_earlier;
        } else if (other.span == row.span && other.span >= 0 && !clean) {
          sees = other.copy == row.copy && other.block == row.block;
        }
        EXPECT_EQ(visible(i, k), sees) << i << " sees " << k;
        if (testing::Test::HasFailure()) return shows_earlier;  // one pair says enough
      }
    }

    // What one copy hides in part the next one shows.
    for (std::size_t j = 0; j < text.spans.size(); ++j) {
      const int length = static_cast<int>(text.spans[j].size());
      bool has_partner = false;
      for (int copy = 1; hidden.contains({static_cast<int>(j), copy}); ++copy) {
        auto& before = hidden[{static_cast<int>(j), copy - 1}];
        auto& now = hidden[{static_cast<int>(j), copy}];
        int n_masked = 0;
        for (int i = 0; i < length; ++i) n_masked += before[i] ? 1 : 0;
        if (has_partner || n_masked == 0 || n_masked == length) {
          has_partner = false;
          continue;
        }
        for (int i = 0; i < length; ++i)
          EXPECT_NE(before[i], now[i]) << "span " << j << " place " << i;
        has_partner = true;
      }
    }
    return shows_earlier;
  }
};

TEST_F(TrainingSampleTest, EveryRowFollowsTheRules) {
  int n_showing = 0;
  int n_several = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const int width = 1 << (random() % 5);
    const SampleShape shape{16 + static_cast<int>(random() % 16), 160, {width}};
    std::vector<int> lengths;
    for (std::size_t n = 1 + random() % 4; n > 0; --n)
      lengths.push_back(static_cast<int>(random() % 12));
    const SampleText text = text_of(lengths, 6 + static_cast<int>(random() % 10));
    const TrainingSample sample = writer(shape).write(text, random);
    const bool shows = check(sample, text, shape, width);
    if (lengths.size() > 1) {
      ++n_several;
      n_showing += shows ? 1 : 0;
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(n_showing, n_several / 4) << "earlier spans are shown in about half of the sequences";
  EXPECT_LT(n_showing, n_several * 3 / 4);
}

TEST_F(TrainingSampleTest, AnEmptySpanTeachesItsEnd) {
  const SampleShape shape{8, 8, {4}};
  const SampleText text = text_of({0}, 6);
  std::mt19937_64 random(1);
  const TrainingSample sample = writer(shape).write(text, random);
  check(sample, text, shape, 4);
  EXPECT_EQ(sample.targets[8], special_.end) << "<fill_0> is followed by <end>";
  EXPECT_EQ(sample.tokens[10], special_.mask);
  EXPECT_EQ(sample.targets[10], special_.end);
  EXPECT_EQ(sample.weights[10], weights_.noised);
  EXPECT_EQ(sample.weights[11], weights_.padding);
  EXPECT_EQ(sample.kinds[10], RowKind::noised);
  EXPECT_EQ(sample.kinds[11], RowKind::padding);
  EXPECT_EQ(sample.kinds[14], RowKind::unused);
}

TEST_F(TrainingSampleTest, HalfOfTheFirstCopiesHideEverything) {
  const SampleShape shape{8, 40, {4}};
  const SampleText text = text_of({15}, 6);
  int n_all = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    std::mt19937_64 random(seed);
    const TrainingSample sample = writer(shape).write(text, random);
    n_all +=
        std::count(sample.tokens.begin() + 25, sample.tokens.begin() + 41, special_.mask) == 16;
  }
  EXPECT_GT(n_all, 160);
  EXPECT_LT(n_all, 240);
}

std::string source(int n_functions) {
  std::string text = "import os\n\n";
  for (int i = 0; i < n_functions; ++i) {
    const std::string n = std::to_string(i);
    text += "def area_" + n + "(width, height=" + n + "):\n    \"\"\"Caf\xC3\xA9 " + n +
            ".\"\"\"\n    if width < 0:\n        raise ValueError(width)\n    return [width * "
            "height, " +
            n + "]\n\n";
  }
  return text;
}

TEST_F(TrainingSampleTest, DrawsWindowsThatFitWhateverTheDocument) {
  std::map<std::size_t, int> n_spans;
  int n_drawn = 0, n_snippets = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const Document document{"python", "p", "some/where/deep/area.py", "MIT",
                            source(static_cast<int>(seed % 40))};
    const bool parsed = seed % 2 == 0;
    const grammar::Language* language = grammar::language_by_name("python");
    ASSERT_NE(language, nullptr);
    std::optional<grammar::SyntaxTree> tree;
    if (parsed) tree = grammar::SyntaxTree::parse(*language, document.text);
    const SampleShape shape{seed % 3 == 0 ? 64 : 512, 128, {4, 8, 16}};
    const auto text = writer(shape).draw(document, tree ? &*tree : nullptr, {}, random);
    if (!text) continue;  // too short, or the hole was too long for the area
    ++n_drawn;
    ++n_spans[text->spans.size()];
    n_snippets += text->parts.snippets.empty() ? 0 : 1;
    EXPECT_LE(kInpaint1.assemble(special_, text->parts).size(),
              static_cast<std::size_t>(shape.context));
    int rows = 0;
    for (const auto& span : text->spans) {
      const int length = static_cast<int>(span.size());
      rows += length + 2 + (length + 1 + 15) / 16 * 16;
      for (const TokenId token : span) EXPECT_FALSE(tokenizer_.is_special(token));
    }
    EXPECT_LE(rows, shape.area) << "each span fits with one copy at the widest block";

    // The parts and the spans in their order are a piece of the document.
    std::string joined;
    const auto add = [&](const std::vector<TokenId>& tokens) {
      for (const TokenId token : tokens) {
        const auto hole = std::ranges::find(special_.hole, token);
        if (hole == special_.hole.end()) {
          joined += tokenizer_.bytes(token);
        } else if (const auto j = static_cast<std::size_t>(hole - special_.hole.begin());
                   j < text->spans.size()) {
          joined += tokenizer_.decode(text->spans[j]);
        }
      }
    };
    add(text->parts.before);
    joined += tokenizer_.decode(text->spans[0]);
    const std::size_t until_near = joined.size();
    add(text->parts.near);
    EXPECT_NE(document.text.find(joined), std::string::npos) << joined;
    if (text->parts.near.size() < 16) {  // not cut short: `far` goes on where it ends
      add(text->parts.far);
      EXPECT_NE(document.text.find(joined), std::string::npos) << joined.substr(until_near);
    }
  }
  EXPECT_GT(n_drawn, 120);
  EXPECT_GT(n_spans[1], 10);
  EXPECT_GT(n_spans[2] + n_spans[3] + n_spans[4], 10);
  EXPECT_GT(n_snippets, 0);
}

TEST_F(TrainingSampleTest, TheSeedDecidesAll) {
  const Document document{"python", "p", "a.py", "MIT", source(30)};
  const SampleWriter write = writer({});
  std::vector<std::vector<TokenId>> seen;
  for (const std::uint64_t seed : {7, 7, 8}) {
    std::mt19937_64 random(seed);
    const auto text = write.draw(document, nullptr, {}, random);
    ASSERT_TRUE(text);
    seen.push_back(write.write(*text, random).tokens);
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_NE(seen[0], seen[2]);
}

TEST_F(TrainingSampleTest, ATextWithoutRoomForAHoleGivesNothing) {
  std::mt19937_64 random(1);
  for (const char* text : {"", "x = 1\n", "0123456789012345678901234567890"})
    EXPECT_FALSE(writer({}).draw({"python", "p", "a.py", "MIT", text}, nullptr, {}, random))
        << text;
}

}  // namespace
}  // namespace inpaint::engine
