// What the transformer makes of trees, blocks and segments: a row is told what it is told alone, to
// the bit; what is kept goes on so; what is turned is what would stand there.

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "engine/decoding/visibility.h"
#include "engine/model/transformer_model.h"
#include "engine/training/trainee.h"
#include "tests/engine/decoding/random_rows.h"

namespace inpaint::engine {
namespace {

class RowsAndCaches : public testing::Test {
 protected:
  RowsAndCaches() : model_(make()) {}

  static ModelConfig config() {
    ModelConfig config;
    config.hidden = 64;
    config.layers = 3;
    config.heads = 4;
    config.kv_heads = 2;
    config.head_dim = 16;
    config.intermediate = 96;
    config.vocabulary = 60;
    config.qk_norm = true;
    config.tied_embeddings = true;
    config.max_positions = 256;
    return config;
  }

  static TransformerModel make() {
    TransformerWeights weights = initial_weights(config(), 3);
    for (LayerWeights& layer : weights.layers)  // so that rows differ visibly
      for (Matrix* matrix : {&layer.qkv, &layer.attention_out, &layer.gate_up, &layer.down})
        matrix->f32.mul_(8.0);
    // Packed products give a row the same bits in any company, which is what is tested of the rest.
    return {config(), std::move(weights), NumberTypes::fixed(Product::packed, 1), {0, 1}};
  }

  /// Of all rows.
  at::Tensor run(KeyValueCache& cache, std::span<const Row> rows) {
    std::vector<int> asked(rows.size());
    std::iota(asked.begin(), asked.end(), 0);
    const auto logits = model_.logits(cache, {rows, asked});
    EXPECT_TRUE(logits) << to_string(logits.error());
    return logits ? *logits : at::Tensor();
  }

  /// `n` tokens in a row, from `position` on.
  static std::vector<Row> text(std::mt19937_64& random, int n, int position, Row like = {}) {
    std::vector<Row> rows(static_cast<std::size_t>(n), like);
    for (int i = 0; i < n; ++i) {
      Row& row = rows[static_cast<std::size_t>(i)];
      row.token = static_cast<TokenId>(random() % 60);
      row.position = position + i;
      row.parent = i - 1;
    }
    return rows;
  }

  TransformerModel model_;
};

TEST_F(RowsAndCaches, ARowOfATreeSaysWhatItsWaySaysAlone) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    // Segments that do not see one another, so that each is what it would be alone.
    const auto cache = model_.new_cache();
    std::vector<std::vector<Row>> pieces;
    ASSERT_TRUE(cache->add_segment());
    ASSERT_TRUE(cache->add_segment());
    for (int i = 0; i < 6; ++i) {
      const int segment = static_cast<int>(random() % 3);
      pieces.push_back(text(random, static_cast<int>(random() % 30), 10 * i,
                            {.sees = SegmentSet{1} << segment, .segment = segment}));
      if (!pieces.back().empty()) run(*cache, pieces.back());
    }
    const std::vector<Row> rows = random_rows(random, cache->rows(), 16, 60);
    const at::Tensor together = run(*cache, rows);

    for (std::size_t index = 0; index < rows.size(); ++index) {
      const auto alone = model_.new_cache();
      ASSERT_TRUE(alone->add_segment());
      ASSERT_TRUE(alone->add_segment());
      for (const std::vector<Row>& piece : pieces)
        if (!piece.empty() && (rows[index].sees & piece.front().sees) != 0) run(*alone, piece);
      // What the row sees of the forward, and nothing else: its ways, and the blocks on them whole.
      const Visibility visibility(CachedRows(), rows);
      std::vector<Row> way;
      std::vector<int> place(rows.size(), kNoParent);
      for (const RowSpan& span : visibility.seen_by(static_cast<int>(index)))
        for (int at = span.begin; at < span.end; ++at) {
          Row row = rows[static_cast<std::size_t>(at)];
          if (row.parent != kNoParent) row.parent = place[static_cast<std::size_t>(row.parent)];
          place[static_cast<std::size_t>(at)] = static_cast<int>(way.size());
          way.push_back(row);
        }
      // The rows on the way may see other segments than the row itself: then they are no reference.
      const bool same_sight =
          std::ranges::all_of(way, [&](const Row& row) { return row.sees == rows[index].sees; });
      if (!same_sight) continue;
      const at::Tensor said = run(*alone, way);
      EXPECT_TRUE(said[place[index]].equal(together[static_cast<std::int64_t>(index)]))
          << "row " << index << " of " << rows.size();
    }
  }
}

TEST_F(RowsAndCaches, WhatIsKeptOfATreeGoesOnAsIfItWereAlone) {
  std::mt19937_64 random(5);
  for (const int context : {0, 1, 31, 33, 100}) {
    const std::vector<Row> before = text(random, context, 0);
    // Two ways that part behind their first row, interleaved: 0 2 3 and 0 1 4.
    const std::vector<Row> tree{{11, context},
                                {12, context + 1, 0},
                                {13, context + 1, 0},
                                {14, context + 2, 2},
                                {15, context + 2, 1}};
    const Row next{16, context + 3};
    for (const std::vector<int>& way : {std::vector<int>{0, 2, 3}, {0, 1, 4}, {0}}) {
      const auto cache = model_.new_cache();
      if (context > 0) run(*cache, before);
      run(*cache, tree);
      std::vector<int> kept(static_cast<std::size_t>(context));
      std::iota(kept.begin(), kept.end(), 0);
      for (const int row : way) kept.push_back(context + row);
      ASSERT_TRUE(cache->keep(kept));
      EXPECT_EQ(cache->length(), context + static_cast<int>(way.size()));
      const at::Tensor said = run(*cache, std::span(&next, 1));

      const auto alone = model_.new_cache();
      if (context > 0) run(*alone, before);
      std::vector<Row> path;
      for (const int row : way) {
        path.push_back(tree[static_cast<std::size_t>(row)]);
        path.back().parent = static_cast<int>(path.size()) - 2;
      }
      run(*alone, path);
      EXPECT_TRUE(said.equal(run(*alone, std::span(&next, 1)))) << context << " rows of context";
    }
  }
}

TEST_F(RowsAndCaches, ATurnedTextIsTheTextOfTheOtherPlace) {
  std::mt19937_64 random(6);
  for (const int by : {1, 20, 150, -5}) {
    std::vector<Row> rows = text(random, 40, 5);
    const auto turned = model_.new_cache();
    run(*turned, rows);
    ASSERT_TRUE(turned->turn(0, by));
    for (Row& row : rows) row.position += by;
    const auto fresh = model_.new_cache();
    run(*fresh, rows);
    EXPECT_EQ(turned->rows().position(7), fresh->rows().position(7));
    // Nothing but the distances of rows counts, so all layers are those of a fresh text.
    for (int layer = 0; layer < config().layers; ++layer) {
      const auto keys = [&](KeyValueCache& cache) {  // the first block of each head
        const auto& kept = static_cast<const RowCache&>(cache);
        std::vector<float> all;
        for (int head = 0; head < config().kv_heads; ++head)
          all.insert(all.end(), kept.keys(layer, head),
                     kept.keys(layer, head) + std::int64_t{config().head_dim} * kernels::kLanes);
        return at::tensor(all);
      };
      const double scale = keys(*fresh).abs().max().item<double>();
      EXPECT_LT((keys(*turned) - keys(*fresh)).abs().max().item<double>(), 1e-4 * scale)
          << "layer " << layer << ", by " << by;
    }
    const Row next{3, rows.back().position + 1};
    const at::Tensor said = run(*turned, std::span(&next, 1));
    const at::Tensor expected = run(*fresh, std::span(&next, 1));
    EXPECT_LT((said - expected).abs().max().item<double>(),
              1e-3 * expected.abs().max().item<double>());
  }
}

// While one types in front of a text, its rows are kept though they saw another prefix.
TEST_F(RowsAndCaches, APrefixGrowsBesideASuffixThatIsTurned) {
  std::mt19937_64 random(7);
  const auto cache = model_.new_cache();
  const int suffix = *cache->add_segment();
  const std::vector<Row> prefix = text(random, 30, 0);
  run(*cache, prefix);
  run(*cache, text(random, 10, 30, {.segment = suffix}));
  // A token is typed: it sees the prefix alone, and what stands behind it moves on.
  ASSERT_TRUE(cache->turn(suffix, 1));
  const Row typed{7, 30, kNoParent, kNoBlock, 0b01, 0};
  const at::Tensor said = run(*cache, std::span(&typed, 1));
  const auto plain = model_.new_cache();
  run(*plain, prefix);
  const Row last{7, 30};
  EXPECT_TRUE(said.equal(run(*plain, std::span(&last, 1))));
  EXPECT_EQ(cache->rows().position(30), 31);
  EXPECT_EQ(cache->rows().position(40), 30);
  EXPECT_EQ(cache->rows().segment(40), 0);
}

TEST_F(RowsAndCaches, ADistributionOverAnAllowedSetIsTheRestOfTheWhole) {
  std::mt19937_64 random(8);
  const std::vector<Row> rows = text(random, 3, 0);
  const std::vector<int> asked{0, 1, 2};
  const std::vector<TokenId> wanted{10, 10, 10};
  const auto whole = model_.forward(*model_.new_cache(), {rows, asked, wanted});
  std::vector<TokenId> many(40);
  std::iota(many.begin(), many.end(), 20);
  // Twice the same token counts once; 0 may never be proposed.
  const std::vector<std::vector<TokenId>> allowed{{30, 10, 0, 30, 20}, {}, many};
  const auto some = model_.forward(*model_.new_cache(), {rows, asked, wanted, allowed});
  ASSERT_TRUE(whole && some);
  EXPECT_EQ((*some)[0].candidates().size(), 3U);
  EXPECT_EQ((*some)[1].candidates().size(), 16U);
  EXPECT_EQ((*some)[2].candidates().size(), 16U);
  float sum = 0.0F;
  for (const Candidate& candidate : (*some)[0].candidates()) {
    EXPECT_THAT(allowed[0], testing::Contains(candidate.token));
    EXPECT_NE(candidate.token, 0);
    sum += candidate.probability;
    if (candidate.token == 10) {
      EXPECT_FLOAT_EQ((*some)[0].wanted, candidate.probability);
    }
  }
  EXPECT_NEAR(sum, 1.0F, 1e-5F);
  EXPECT_EQ((*some)[1].wanted, (*whole)[1].wanted) << "an empty set allows all";
  EXPECT_EQ((*some)[2].wanted, 0.0F) << "10 is not allowed";
  // The whole's order and ratios.
  const auto probability = [](const Distribution& d, TokenId token) {
    for (const Candidate& candidate : d.candidates())
      if (candidate.token == token) return candidate.probability;
    return 0.0F;
  };
  const Candidate& first = (*some)[2].top[0];
  const Candidate& second = (*some)[2].top[1];
  if (const float p = probability((*whole)[2], second.token); p > 0.0F) {
    EXPECT_NEAR(probability((*whole)[2], first.token) / p, first.probability / second.probability,
                1e-3F);
  }
}

TEST_F(RowsAndCaches, ARowThatIsAllowedNothingIsRefused) {
  const Row row{5, 0};
  const std::vector<int> asked{0};
  const std::vector<std::vector<TokenId>> allowed{{0, 1}};
  const auto outcome =
      model_.forward(*model_.new_cache(), {std::span(&row, 1), asked, {}, allowed});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::bad_argument);
  EXPECT_THAT(outcome.error().why, testing::HasSubstr("row 0 is allowed nothing"));
}

TEST_F(RowsAndCaches, WhatIsRefusedLeavesTheCacheAsItWas) {
  std::mt19937_64 random(9);
  const auto cache = model_.new_cache();
  run(*cache, text(random, 5, 0));
  const Row lost{5, 5, 3};
  const std::vector<int> none;
  EXPECT_EQ(model_.forward(*cache, {std::span(&lost, 1), none}).error().code,
            ErrorCode::bad_argument);
  EXPECT_FALSE(cache->keep(std::vector<int>{2, 1}));
  EXPECT_FALSE(cache->turn(0, 300));
  EXPECT_FALSE(cache->turn(1, 1));
  EXPECT_EQ(cache->length(), 5);
  EXPECT_EQ(cache->rows().position(4), 4);
}

}  // namespace
}  // namespace inpaint::engine
