// Trees of rows, with blocks behind them: each row is told what the same way told it when it ran
// alone, and so is what is kept of a tree.

#include "engine/decoding/forward_rows.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

class ForwardRowsTest : public SpanDecoderTest {
 protected:
  static constexpr const char* kMemory = "x = alpha(beta, gamma) = delta[0]; x = alpha(gamma";

  /// A model behind an encoded context.
  struct Scene {
    ScriptedModel model;
    std::unique_ptr<KeyValueCache> cache = model.new_cache();
    CopyHintLookup copies;
    int context = 0;
  };
  Scene scene(std::uint64_t seed) const {
    Scene s{.model = {random_language(seed, alphabet(), special_.end), special_},
            .copies = {tokenizer_, special_, kMemory}};
    s.model.tell_copies(tokenizer_, kMemory);
    s.context = encode_context(s.model, *s.cache);
    for (const auto& kept : static_cast<ScriptedCache&>(*s.cache).kept)
      s.copies.append(kept.row.token);
    return s;
  }
};

TEST_F(ForwardRowsTest, ARunContinuesItsParentAndABlockHangsAtOneRow) {
  ForwardRows rows({}, 0, nullptr);
  const std::vector<Row> run{{1, 0}, {2, 1}};
  const std::vector<Row> masks{{9, 2}, {9, 3}};
  const int tip = rows.add_run(run, kNoParent);
  EXPECT_EQ(tip, 1);
  EXPECT_EQ(rows.add_run({}, tip), tip) << "an empty run ends where it begins";
  EXPECT_EQ(rows.add_block(masks, tip), 2);
  EXPECT_EQ(rows.add_block(masks, 0), 4);
  const ForwardInput input = rows.input();
  std::vector<int> parents, blocks;
  for (const Row& row : input.rows) {
    parents.push_back(row.parent);
    blocks.push_back(row.block);
  }
  EXPECT_THAT(parents, testing::ElementsAre(kNoParent, 0, 1, 1, 0, 0));
  EXPECT_THAT(blocks, testing::ElementsAre(kNoBlock, kNoBlock, 0, 0, 1, 1));
}

TEST_F(ForwardRowsTest, ATreeSaysWhatItsWaysSayAlone) {
  const std::vector<TokenId> words = alphabet();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto below = [&](int end) {
      return static_cast<int>(random() % static_cast<std::uint64_t>(end));
    };
    Scene tree = scene(seed);
    ForwardRows rows(tree.model.traits(), tree.cache->length(), &tree.copies);
    const Row fill{special_.fill[0], tree.context};
    std::vector<int> clean{rows.add_run(std::span(&fill, 1), kNoParent)};
    std::vector<std::pair<int, int>> blocks;  // first row, parent
    for (int part = 0; part < 6; ++part) {
      const int parent = clean[static_cast<std::size_t>(below(static_cast<int>(clean.size())))];
      std::vector<Row> run(1 + random() % 3);
      int position = rows.row(parent).position;
      const bool masks = below(3) == 0;
      for (Row& row : run)
        row = {masks ? special_.mask : words[random() % words.size()], ++position};
      if (masks) {
        blocks.emplace_back(rows.add_block(run, parent), parent);
      } else {
        const int first = rows.size();
        rows.add_run(run, parent);
        for (int row = first; row < rows.size(); ++row) clean.push_back(row);
      }
    }
    for (int row = 0; row < rows.size(); ++row) rows.ask(row, special_.end);
    const auto together = tree.model.forward(*tree.cache, rows.input());
    ASSERT_TRUE(together);
    EXPECT_THAT(tree.model.violations(), IsEmpty()) << "copy hints among them";

    const auto way_to = [&](int row) {
      std::vector<int> way;
      for (; row != kNoParent; row = rows.row(row).parent) way.push_back(row);
      std::ranges::reverse(way);
      return way;
    };
    for (const int row : clean) {
      Scene alone = scene(seed);
      ForwardRows path(alone.model.traits(), alone.cache->length(), &alone.copies);
      int tip = kNoParent;
      for (const int at : way_to(row)) tip = path.add_run(std::span(&rows.row(at), 1), tip);
      path.ask(tip, special_.end);
      const auto said = alone.model.forward(*alone.cache, path.input());
      ASSERT_TRUE(said);
      EXPECT_EQ(said->front().best().token,
                (*together)[static_cast<std::size_t>(row)].best().token);
      EXPECT_EQ(said->front().wanted, (*together)[static_cast<std::size_t>(row)].wanted);
    }

    // What is kept of the tree goes on as if nothing else had run.
    const std::vector<int> way = way_to(clean.back());
    std::vector<int> kept;
    for (int row = 0; row < tree.context; ++row) kept.push_back(row);
    for (const int row : way) kept.push_back(tree.context + row);
    ASSERT_TRUE(tree.cache->keep(kept));
    tree.copies.truncate(static_cast<std::size_t>(tree.context));
    for (const int row : way) tree.copies.append(rows.row(row).token);
    ForwardRows next(tree.model.traits(), tree.cache->length(), &tree.copies);
    const Row one{words.front(), rows.row(clean.back()).position + 1};
    next.add_run(std::span(&one, 1), kNoParent);
    EXPECT_TRUE(tree.model.forward(*tree.cache, next.input()));
    EXPECT_THAT(tree.model.violations(), IsEmpty());
  }
}

}  // namespace
}  // namespace inpaint::engine
