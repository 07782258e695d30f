// Fingerprints of tokenizers tell apart what ids stand for, and nothing else.
#include "engine/tokenizer/fingerprint.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/tokenizer/small_tokenizer.h"

namespace inpaint::engine {
namespace {

std::string of(const nlohmann::json& json) {
  return fingerprint(Tokenizer::parse(json.dump(), "tokenizer.json").value());
}

TEST(Fingerprint, IsThatOfWhatIdsStandFor) {
  const std::string bytes = of(small_tokenizer());
  EXPECT_EQ(bytes.size(), 16U);
  EXPECT_EQ(of(small_tokenizer()), bytes);
  EXPECT_NE(of(small_tokenizer({{"a", "b"}})), bytes) << "a token more";
  EXPECT_NE(of(small_tokenizer({{"a", "b"}, {"c", "d"}})),
            of(small_tokenizer({{"c", "d"}, {"a", "b"}})))
      << "the same tokens in another order";
}

TEST(Fingerprint, TellsWhereTokensAreCut) {
  EXPECT_NE(of(small_tokenizer({{"a", "b"}, {"ab", "c"}, {"d", "e"}})),
            of(small_tokenizer({{"a", "b"}, {"c", "d"}, {"cd", "e"}})));
}

TEST(Fingerprint, SpecialTokensAtTheEndDoNotCount) {
  nlohmann::json padded = small_tokenizer();
  const std::string bytes = of(padded);
  padded["model"]["vocab"]["<pad_1>"] = 258;
  padded["added_tokens"].push_back({{"id", 258}, {"content", "<pad_1>"}, {"special", true}});
  EXPECT_EQ(of(padded), bytes);
}

}  // namespace
}  // namespace inpaint::engine
