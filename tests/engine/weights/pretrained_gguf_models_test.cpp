// What publishers' files hold is what their model cards say.
#include <cstdint>
#include <iterator>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "engine/weights/gguf_file.h"
#include "engine/weights/parameter_count.h"
#include "engine/weights/pretrained_weights.h"
#include "tests/published_model.h"

namespace inpaint::engine {
namespace {

struct Published {
  const char* name;
  const char* file;
  const char* family;
  int layers, hidden, heads, kv_heads, vocabulary;
  bool has_head;  // in the file
  std::int64_t parameters;
};

void PrintTo(const Published& model, std::ostream* to) { *to << model.name; }

class PublishedGguf : public tests::PublishedModel, public testing::WithParamInterface<Published> {
 protected:
  void SetUp() override { need(GetParam().file); }
};

TEST_P(PublishedGguf, IsReadAsItsPublisherDescribesIt) {
  const Published& expected = GetParam();
  const auto file = GgufFile::open(path_);
  ASSERT_TRUE(file) << to_string(file.error());
  const auto config = pretrained_config(*file);
  ASSERT_TRUE(config) << to_string(config.error());
  const auto weights = load_pretrained(*file, *config, {});
  ASSERT_TRUE(weights) << to_string(weights.error());
  EXPECT_EQ(config->family, expected.family);
  EXPECT_EQ(config->layers, expected.layers);
  EXPECT_EQ(config->hidden, expected.hidden);
  EXPECT_EQ(config->heads, expected.heads);
  EXPECT_EQ(config->kv_heads, expected.kv_heads);
  EXPECT_EQ(config->vocabulary, expected.vocabulary);
  EXPECT_EQ(config->tied_embeddings, !expected.has_head);
  EXPECT_EQ(std::ssize(weights->layers), expected.layers);
  EXPECT_EQ(weights->head.empty(), !expected.has_head);
  EXPECT_EQ(count_parameters(*weights), expected.parameters);
}

INSTANTIATE_TEST_SUITE_P(Models, PublishedGguf,
                         testing::Values(Published{"Qwen", tests::kPublishedQwen, "qwen2", 24, 896,
                                                   14, 2, 151'936, true, 494'032'768},
                                         Published{"SmolLm", tests::kPublishedSmolLm, "llama", 30,
                                                   576, 9, 3, 49'152, false, 134'515'008}),
                         [](const auto& given) { return std::string(given.param.name); });

}  // namespace
}  // namespace inpaint::engine
