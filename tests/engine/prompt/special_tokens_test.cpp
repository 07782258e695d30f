#include "engine/prompt/special_tokens.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/tokenizer/small_tokenizer.h"

namespace inpaint::engine {
namespace {

TEST(SpecialTokens, TheEmbeddedTokenizerHasThemAllAndApart) {
  const Tokenizer tokenizer = mini_tokenizer();
  const Result<SpecialTokens> found = SpecialTokens::find(tokenizer);
  ASSERT_TRUE(found) << to_string(found.error());
  std::set<TokenId> ids{found->pad,     found->mask, found->end,    found->file,
                        found->snippet, found->far,  found->prefix, found->near};
  ids.insert(found->hole.begin(), found->hole.end());
  ids.insert(found->fill.begin(), found->fill.end());
  EXPECT_EQ(ids.size(), 8U + 2U * SpecialTokens::kMaxHoles);
  for (const TokenId id : ids) EXPECT_TRUE(tokenizer.is_special(id));
}

TEST(SpecialTokens, TheFirstThatIsMissingIsNamed) {
  const Result<Tokenizer> small = Tokenizer::parse(small_tokenizer().dump(), "small");
  ASSERT_TRUE(small) << to_string(small.error());
  const Result<SpecialTokens> found = SpecialTokens::find(*small);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::bad_tokenizer);
  EXPECT_NE(found.error().why.find("<end>"), std::string::npos) << to_string(found.error());
  EXPECT_FALSE(found.error().remedy.empty());
}

}  // namespace
}  // namespace inpaint::engine
