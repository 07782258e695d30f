#include "engine/training/corpus/sample_stream.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/prompt/inpaint_format.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

class SampleStreamTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SampleWriter writer_{
      {tokenizer_, special_tokens(tokenizer_), kInpaint1}, {64, 64, {4, 8}}, {}};

  /// `n` files that differ, and one that is too short for a hole.
  Corpus corpus(int n) const {
    for (int i = 0; i < n; ++i) {
      std::string text;
      for (int line = 0; line < 12; ++line)
        text +=
            "value_" + std::to_string(i) + " = compute(" + std::to_string(line * i) + ", other)\n";
      folder_.write("file_" + std::to_string(i) + ".py", text);
    }
    folder_.write("short.py", "x = 1\n");
    Result<Corpus> opened = Corpus::open(folder_.path());
    EXPECT_TRUE(opened) << to_string(opened.error());
    return std::move(*opened);
  }
};

struct Taken {
  std::vector<TokenId> tokens;
  std::vector<std::uint8_t> visible;
  StreamPlace after;
  friend bool operator==(const Taken&, const Taken&) = default;
};

std::vector<Taken> take(SampleStream& stream, int n) {
  std::vector<Taken> taken;
  for (int i = 0; i < n; ++i) {
    Result<StreamedSample> next = stream.next();
    EXPECT_TRUE(next) << to_string(next.error());
    if (!next) break;
    taken.push_back({next->sample.tokens, next->sample.visible, next->after});
  }
  return taken;
}

TEST_F(SampleStreamTest, TheSeedAloneDecidesTheOrder) {
  const Corpus documents = corpus(9);
  SampleStream a(documents, writer_, 5, {});
  SampleStream b(documents, writer_, 5, {});
  SampleStream c(documents, writer_, 6, {});
  // In step and in gulps: who asks when makes no difference.
  std::vector<Taken> first;
  std::vector<Taken> other;
  for (int i = 0; i < 30; ++i) {
    first.push_back(take(a, 1).front());
    other.push_back(take(c, 1).front());
  }
  EXPECT_EQ(first, take(b, 30));
  EXPECT_NE(first, other);
}

TEST_F(SampleStreamTest, ItContinuesWithTheVeryNextSampleFromAnyPlace) {
  const Corpus documents = corpus(7);
  SampleStream whole(documents, writer_, 5, {});
  const std::vector<Taken> all = take(whole, 24);  // beyond the third epoch
  EXPECT_GE(all.back().after.epoch, 2);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    SampleStream resumed(documents, writer_, 5, all[i].after);
    EXPECT_EQ(take(resumed, 1).front(), all[i + 1]) << "after sample " << i;
  }
}

TEST_F(SampleStreamTest, EpochsShowTheDocumentsWithOtherHoles) {
  const Corpus documents = corpus(1);
  SampleStream stream(documents, writer_, 5, {});
  const std::vector<Taken> taken = take(stream, 4);
  for (std::size_t i = 1; i < taken.size(); ++i) EXPECT_NE(taken[i].tokens, taken[i - 1].tokens);
}

TEST_F(SampleStreamTest, AnErrorEndsTheStreamBehindTheSamplesBeforeIt) {
  // A fetched list reads its files one by one, so one can vanish.
  fs::create_directories(folder_.path() / "src/python/pypi-x-1/x");
  std::string list;
  for (int i = 0; i < 6; ++i) {
    const std::string name = "src/python/pypi-x-1/x/" + std::to_string(i) + ".py";
    folder_.write(name,
                  "def function(argument):\n    return argument + " + std::to_string(i) + "\n");
    list += R"({"path": ")" + name +
            R"(", "lang": "python", "bytes": 50, "package": "pypi:x@1", "licence": "MIT"})" + "\n";
  }
  folder_.write("keep.jsonl", list);
  const Result<Corpus> documents = Corpus::open(folder_.path());
  ASSERT_TRUE(documents) << to_string(documents.error());
  const auto order = documents->order(5, 0);
  ASSERT_GT(order.size(), 3U);
  std::size_t lost = order.size() - 1;  // the first place at which the last document comes
  lost = static_cast<std::size_t>(std::ranges::find(order, order[lost]) - order.begin());
  fs::remove(folder_.path() /
             documents->document(order[lost])->path.insert(0, "src/python/pypi-x-1/"));

  SampleStream stream(*documents, writer_, 5, {});
  std::size_t n = 0;
  Result<StreamedSample> next = stream.next();
  for (; next && n < 100; ++n) next = stream.next();
  ASSERT_FALSE(next);
  EXPECT_LE(n, lost);
  EXPECT_GT(n, 0U);
  EXPECT_EQ(next.error().code, ErrorCode::io_failed);
  EXPECT_EQ(stream.next().error(), next.error()) << "an error stays";
}

TEST_F(SampleStreamTest, DocumentsThatAreAllTooShortAreAnError) {
  const Corpus documents = corpus(0);
  SampleStream stream(documents, writer_, 5, {});
  const auto next = stream.next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(next.error().remedy.empty());
}

TEST_F(SampleStreamTest, AnEpochWithoutASampleIsNotTheEndWhereAnotherMayHaveOne) {
  // Whether one document has room for its hole is a matter of luck: all seeds must find some epoch.
  std::string text;
  for (int line = 0; line < 6; ++line)
    text += "a_rather_long_name_" + std::to_string(line) + " = another(1, 2, 3)\n";
  folder_.write("a.py", text);
  const Result<Corpus> one = Corpus::open(folder_.path());
  ASSERT_TRUE(one) << to_string(one.error());
  const SampleWriter narrow({tokenizer_, special_tokens(tokenizer_), kInpaint1}, {64, 24, {8}}, {});
  int n_late = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SampleStream stream(*one, narrow, seed, {});
    const Result<StreamedSample> next = stream.next();
    ASSERT_TRUE(next) << "seed " << seed << ": " << to_string(next.error());
    n_late += next->after.epoch > 0 ? 1 : 0;
  }
  EXPECT_GT(n_late, 0) << "the case is not tried";
}

TEST_F(SampleStreamTest, ItEndsWhateverItIsDoing) {
  const Corpus documents = corpus(3);
  for (int i = 0; i < 5; ++i) SampleStream idle(documents, writer_, 5, {});
  for (int i = 0; i < 3; ++i) {
    SampleStream stream(documents, writer_, 5, {});
    take(stream, 70);  // more than are drawn ahead: by now the queue has been full or is filling
  }
  const Corpus none = corpus(0);
  SampleStream failed(none, writer_, 5, {});
}

}  // namespace
}  // namespace inpaint::engine
