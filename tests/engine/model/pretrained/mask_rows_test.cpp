// Rows of numbered masks beside clean ones: clean rows are those of the published weights to the
// bit, and masks are what plain loops make of the adapter's numbers.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/model/pretrained/pretrained_model.h"
#include "engine/weights/gguf_file.h"
#include "tests/engine/model/pretrained/plain_transformer.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/random_adapter.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTokenizer = "0";

struct Loaded {
  PretrainedConfig config;
  PretrainedWeights weights;
};

Loaded load(const std::string& name) {
  const fs::path path = fs::path(tests::source_folder()) / "tests/golden/pretrained" / name;
  if (path.extension() == ".gguf") {
    const auto file = GgufFile::open(path);
    auto config = pretrained_config(*file).value();
    auto weights = load_pretrained(*file, config, {}).value();
    return {std::move(config), std::move(weights)};
  }
  auto config = pretrained_config(path).value();
  auto weights = load_pretrained(path, config, kernels::BlockFormat::f32, {}).value();
  return {std::move(config), std::move(weights)};
}

PretrainedModel model_of(const Loaded& loaded, const RandomAdapter* adapter) {
  std::optional<MaskAdapter> read;
  if (adapter != nullptr) {
    const TemporaryFolder folder;
    EXPECT_TRUE(adapter->write(folder.path()));
    auto found = load_mask_adapter(folder.path(), loaded.config, kTokenizer);
    EXPECT_TRUE(found) << to_string(found.error());
    if (found) read = std::move(*found);
  }
  TokenChoice choice(loaded.config.vocabulary, {}, std::vector<TokenId>{0});
  return {loaded.config, loaded.weights, std::move(choice), 2, std::move(read)};
}

/// A run of clean rows, and behind some of them masks; all rows are asked.
struct Drawn {
  std::vector<Row> rows;
  std::vector<int> asked;
  int n_clean = 0;
};

Drawn draw(const PretrainedConfig& config, std::mt19937_64& random, int begin, int n, int masks) {
  Drawn drawn;
  const auto vocabulary = static_cast<std::uint64_t>(config.vocabulary);
  for (int i = 0; i < n; ++i)
    drawn.rows.push_back({static_cast<TokenId>(random() % vocabulary), begin + i, i - 1});
  drawn.n_clean = n;
  int block = 0;
  for (int end = 0; end < n; ++end) {
    const int width = static_cast<int>(random() % static_cast<std::uint64_t>(masks + 1));
    for (int d = 0; d < width; ++d)
      drawn.rows.push_back({config.vocabulary + d, begin + end + 1 + d, end, block});
    if (width > 0) ++block;
  }
  for (int row = 0; row < static_cast<int>(drawn.rows.size()); ++row) drawn.asked.push_back(row);
  return drawn;
}

bool equal(const Distribution& a, const Distribution& b) {
  const auto same = [](const Candidate& x, const Candidate& y) {
    return x.token == y.token && x.probability == y.probability;
  };
  return a.wanted == b.wanted && std::ranges::equal(a.candidates(), b.candidates(), same);
}

TEST(MaskRows, LeaveCleanRowsAsTheyAreToTheBit) {
  for (const char* name : {"qwen2_tied", "qwen2_quantised.gguf", "qwen3.gguf", "granite.gguf"}) {
    const Loaded loaded = load(name);
    const RandomAdapter adapter(loaded.config, kTokenizer, 5);
    PretrainedModel plain = model_of(loaded, nullptr);
    PretrainedModel masked = model_of(loaded, &adapter);
    EXPECT_EQ(plain.traits().masks, 0);
    EXPECT_EQ(masked.traits().masks, 3);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      SCOPED_TRACE(testing::Message() << name << ", seed " << seed);
      std::mt19937_64 random(seed);
      const auto plain_cache = plain.new_cache(), masked_cache = masked.new_cache();
      int begin = 0;
      for (int forward = 0; forward < 3; ++forward) {
        const int n = 1 + static_cast<int>(random() % 5);
        const Drawn drawn = draw(loaded.config, random, begin, n, 3);
        const std::span<const Row> clean = std::span(drawn.rows).first(static_cast<std::size_t>(n));
        const std::span<const int> asked =
            std::span(drawn.asked).first(static_cast<std::size_t>(n));
        const auto a = plain.forward(*plain_cache, {.rows = clean, .asked = asked});
        const auto b = masked.forward(*masked_cache, {.rows = drawn.rows, .asked = drawn.asked});
        ASSERT_TRUE(a && b);
        ASSERT_EQ(b->size(), drawn.rows.size());
        for (int row = 0; row < n; ++row)
          EXPECT_TRUE(
              equal((*a)[static_cast<std::size_t>(row)], (*b)[static_cast<std::size_t>(row)]))
              << "forward " << forward << ", row " << row;
        begin += n;
        masked_cache->truncate(begin);
      }
    }
  }
}

TEST(MaskRows, ProposeWhatPlainLoopsSay) {
  const Loaded loaded = load("qwen2_tied");
  double without_thin = 0.0, without_table = 0.0;
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    const RandomAdapter adapter(loaded.config, kTokenizer, seed, 0.004F);
    PretrainedModel model = model_of(loaded, &adapter);
    const Drawn drawn = draw(loaded.config, random, 0, 4, 3);
    const auto cache = model.new_cache();
    const auto told = model.forward(*cache, {.rows = drawn.rows, .asked = drawn.asked});
    ASSERT_TRUE(told) << to_string(told.error());

    std::vector<PlainTransformer::PlainRow> rows;
    for (std::size_t r = 0; r < drawn.rows.size(); ++r) {
      PlainTransformer::PlainRow row{drawn.rows[r].token, drawn.rows[r].position, {}};
      for (std::size_t other = 0; other < drawn.rows.size(); ++other) {
        const bool own_block =
            drawn.rows[r].block >= 0 && drawn.rows[r].block == drawn.rows[other].block;
        const int last = drawn.rows[r].block >= 0 ? drawn.rows[r].parent : static_cast<int>(r);
        if (own_block || static_cast<int>(other) <= last) row.sees.push_back(other);
      }
      rows.push_back(std::move(row));
    }
    const PlainTransformer plain(loaded.config, loaded.weights, adapter, true);
    const PlainTransformer bare(loaded.config, loaded.weights, adapter, false);
    const auto hidden = plain.run(rows), hidden_bare = bare.run(rows);
    for (std::size_t r = static_cast<std::size_t>(drawn.n_clean); r < rows.size(); ++r) {
      const bool first = drawn.rows[r].token == loaded.config.vocabulary;
      const std::size_t neighbour = first ? static_cast<std::size_t>(drawn.rows[r].parent) : r - 1;
      const TokenId left = (*told)[neighbour].best().token;
      const int index = left % 2 == 1 && left / 2 < adapter.config.draft_tokens ? left / 2 : -1;
      const auto logits = plain.draft_logits(hidden[r], index);
      const auto log_total = [](const std::vector<double>& all) {
        double sum = 0.0;
        for (const double logit : all) sum += std::exp(logit);
        return std::log(sum);
      };
      const auto other = bare.draft_logits(hidden_bare[r], index);
      const auto unled = plain.draft_logits(hidden[r], -1);
      double nearest = -1e9;
      for (const Candidate& candidate : (*told)[r].candidates()) {
        ASSERT_EQ(candidate.token % 2, 1) << "a token of the draft vocabulary";
        const auto v = static_cast<std::size_t>(candidate.token / 2);
        const double said = std::log(static_cast<double>(candidate.probability));
        EXPECT_NEAR(said, logits[v] - log_total(logits), 0.12) << "row " << r;
        without_thin += std::abs(said - (other[v] - log_total(other)));
        without_table += std::abs(said - (unled[v] - log_total(unled)));
        nearest = std::max(nearest, logits[v]);
        ++compared;
      }
      EXPECT_NEAR(nearest, std::ranges::max(logits), 0.12) << "the best comes first";
    }
  }
  EXPECT_GT(without_thin / compared, 0.2) << "the thin matrices must count";
  EXPECT_GT(without_table / compared, 0.2) << "the Markov table must count";
}

TEST(MaskRows, SayTheSameInAnyCompany) {
  const Loaded loaded = load("qwen2_quantised.gguf");
  const RandomAdapter adapter(loaded.config, kTokenizer, 9);
  PretrainedModel model = model_of(loaded, &adapter);
  std::mt19937_64 random(4);
  const Drawn drawn = draw(loaded.config, random, 0, 6, 3);
  const auto cache = model.new_cache();
  const auto together = model.forward(*cache, {.rows = drawn.rows, .asked = drawn.asked});
  ASSERT_TRUE(together);
  for (std::size_t first = 6; first < drawn.rows.size();) {
    const Row head = drawn.rows[first];
    std::vector<Row> rows(drawn.rows.begin(), drawn.rows.begin() + head.parent + 1);
    std::size_t behind = first;
    for (; behind < drawn.rows.size() && drawn.rows[behind].block == head.block; ++behind)
      rows.push_back(drawn.rows[behind]);
    std::vector<int> asked;
    for (int row = head.parent; row < static_cast<int>(rows.size()); ++row) asked.push_back(row);
    const auto alone_cache = model.new_cache();
    const auto alone = model.forward(*alone_cache, {.rows = rows, .asked = asked});
    ASSERT_TRUE(alone);
    for (std::size_t i = 0; first + i < behind; ++i)
      EXPECT_TRUE(equal((*alone)[i + 1], (*together)[first + i])) << "row " << first + i;
    first = behind;
  }
}

TEST(MaskRows, WhoseNumbersOverflowProposeNothing) {
  const Loaded loaded = load("qwen2_tied");
  const RandomAdapter adapter(loaded.config, kTokenizer, 2, 65504.0F);
  PretrainedModel plain = model_of(loaded, nullptr);
  PretrainedModel model = model_of(loaded, &adapter);
  std::mt19937_64 random(3);
  // Clean rows and masks meet in the tiles of attention in all ways.
  for (const std::size_t n : {1U, 2U, 3U, 4U, 5U, 7U}) {
    SCOPED_TRACE(testing::Message() << n << " clean rows");
    const Drawn drawn = draw(loaded.config, random, 0, static_cast<int>(n), 3);
    const auto told = model.forward(*model.new_cache(), {.rows = drawn.rows, .asked = drawn.asked});
    ASSERT_TRUE(told) << to_string(told.error());
    const auto clean =
        plain.forward(*plain.new_cache(), {.rows = std::span(drawn.rows).first(n),
                                           .asked = std::span(drawn.asked).first(n)});
    ASSERT_TRUE(clean);
    for (std::size_t row = 0; row < n; ++row) EXPECT_TRUE(equal((*told)[row], (*clean)[row]));
    EXPECT_TRUE(
        std::any_of(told->begin() + static_cast<std::ptrdiff_t>(n), told->end(),
                    [](const Distribution& mask) { return mask.best().probability == 0.0F; }));
  }
}

TEST(MaskRows, WithTheEndAmongTheDraftsProposeIt) {
  const Loaded loaded = load("qwen2_tied");
  const RandomAdapter adapter(loaded.config, kTokenizer, 2, 0.004F, 32, 0);
  PretrainedModel model = model_of(loaded, &adapter);
  const auto cache = model.new_cache();
  const std::vector<Row> rows{{3, 0}, {loaded.config.vocabulary, 1, 0, 0}};
  const std::vector<int> asked{1};
  const std::vector<TokenId> wanted{0}, never{1};
  const auto told = model.forward(*cache, {.rows = rows, .asked = asked, .wanted = wanted});
  ASSERT_TRUE(told);
  EXPECT_GT(told->front().wanted, 0.0F);
  const auto other =
      model.forward(*model.new_cache(), {.rows = rows, .asked = asked, .wanted = never});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->front().wanted, 0.0F) << "it is no draft";
  const std::vector<std::vector<TokenId>> allowed{{4, 5}};
  const auto bound =
      model.forward(*model.new_cache(), {.rows = rows, .asked = asked, .allowed = allowed});
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->front().best().token, 4);
  EXPECT_EQ(bound->front().n_top, 1);
}

}  // namespace
}  // namespace inpaint::engine
