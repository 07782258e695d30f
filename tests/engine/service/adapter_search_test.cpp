// Which adapter goes with a model: one that fits is found, and one that is damaged costs a note.
#include "engine/engine.h"
#include "engine/service/adapter_search.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/tokenizer/fingerprint.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/random_adapter.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class AdapterSearchTest : public testing::Test {
 protected:
  AdapterSearchTest() {
    base_.family = "qwen2";
    base_.hidden = base_.intermediate = 32;
    base_.layers = 1;
    base_.heads = base_.kv_heads = 2;
    base_.head_dim = 16;
    base_.vocabulary = 300;
  }
  void lay(const char* name, const std::string& tokenizer) const {
    ASSERT_TRUE(RandomAdapter(base_, tokenizer, 1).write(shelf_.path() / name));
  }
  FoundAdapter found() const {
    const std::vector<fs::path> shelves{"/nowhere/at/all", shelf_.path()};
    return find_adapter("", shelves, {model_, base_, tokenizer_}).value();
  }

  fs::path model_ = "/models/other.gguf";
  PretrainedConfig base_;
  const Tokenizer tokenizer_ = mini_tokenizer();
  const std::string own_ = fingerprint(tokenizer_);
  TemporaryFolder shelf_;
};

TEST_F(AdapterSearchTest, WithoutAnyThereIsNone) {
  EXPECT_FALSE(found().adapter);
  EXPECT_EQ(found().note, "");
}

TEST_F(AdapterSearchTest, TheOneThatFitsIsTaken) {
  lay("a", "another's");
  lay("b", own_);
  const FoundAdapter taken = found();
  ASSERT_TRUE(taken.adapter);
  EXPECT_EQ(taken.folder, (shelf_.path() / "b").string());
  EXPECT_EQ(taken.note, "") << "one for another model is no news";
}

TEST_F(AdapterSearchTest, ADamagedOneIsANoteAndTheNextIsTaken) {
  lay("a", own_);
  fs::resize_file(shelf_.path() / "a" / kAdapterTensorFile, 100);
  const FoundAdapter none = found();
  EXPECT_FALSE(none.adapter);
  EXPECT_THAT(none.note, HasSubstr("adapter.safetensors"));
  std::ofstream(shelf_.path() / "a" / kAdapterConfigFile) << "{";
  EXPECT_THAT(found().note, HasSubstr("config.json"));
  lay("b", own_);
  EXPECT_TRUE(found().adapter);
}

TEST_F(AdapterSearchTest, NoneIsTakenWhereNoneIsWanted) {
  lay("b", own_);
  const std::vector<fs::path> shelves{shelf_.path()};
  EXPECT_FALSE(
      find_adapter(std::string(kNoAdapter), shelves, {model_, base_, tokenizer_})->adapter);
}

TEST_F(AdapterSearchTest, KnowsWhetherItWasMeasuredOnThisVeryFile) {
  lay("b", own_);
  model_ = "/models/a.gguf";
  EXPECT_TRUE(found().adapter->measured);
  model_ = "/models/a-fine-tuned.gguf";
  EXPECT_FALSE(found().adapter->measured) << "a relative: it may draft";
}

TEST_F(AdapterSearchTest, LooksBesideTheProgramFirst) {
  const auto shelves = adapter_shelves("/opt/inpaint/bin/inpaint");
  ASSERT_EQ(shelves.size(), 2U);
  EXPECT_EQ(shelves.front(), "/opt/inpaint/share/inpaint/adapters");
  EXPECT_EQ(shelves.back().filename(), "adapters");
  EXPECT_EQ(adapter_shelves("").size(), 1U);
}

}  // namespace
}  // namespace inpaint::engine
