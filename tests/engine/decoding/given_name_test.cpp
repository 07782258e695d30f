// A name that one hole gives is used in the next, where the model does not know better.

#include "engine/decoding/given_name.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/service/fill_service.h"
#include "tests/engine/decoding/scripted_constraint.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {
namespace {

using grammar::Review;

struct NameCase {
  const char* name;
  const char* before;
  const char* fill;
  const char* behind;
  const char* given;  // empty: none
};

const NameCase kNameCases[] = {
    {"a definition gives its name, known or not", "x = 1\n", "x", " = 2\n", "x"},
    {"so does Go's", "x\n", "x", ":= 2\n", "x"},
    {"a comparison defines nothing", "x = 1\nif ", "x", " == 2\n", ""},
    {"nor does a lambda's arrow", "x = 1\nf(", "x", " => 2)\n", ""},
    {"a name that stands nowhere is new", "for ", "item", " in items:\n", "item"},
    {"one that stands there is not", "item = 1\nprint(", "item", ")\n", ""},
    {"part of a word is another word", "items = 1\nprint(", "item", ")\n", "item"},
    {"an expression is no name", "", "x + 1", " = 2\n", ""},
    {"nor is a number", "", "12", " = 2\n", ""},
    {"nor is nothing", "", "", " = 2\n", ""},
    {"words in front say what it is", "let ", "mut total", " = 2\n", "total"},
    {"a type is no name", "", "List<int> total", " = 2\n", ""},
    {"nor are two names", "", "a, b", " = 2\n", ""},
    {"without a definition it is the whole fill", "", "mut total", ";\n", ""},
    {"letters of other scripts are letters", "", "größe", " = 2\n", "größe"},
};

TEST(GivenName, Cases) {
  for (const NameCase& c : kNameCases) {
    const std::string before = c.before;
    const std::string text = before + c.behind;
    EXPECT_EQ(given_name(c.fill, text, before.size()), c.given) << c.name;
  }
}

class GivenNameTest : public testing::Test {
 protected:
  /// Says "total" in the first hole, and in the others something else, as surely as it is told; "total" comes
  /// next to it.
  std::string filled(float certainty, Mode mode, bool refused = false) {
    const std::vector<TokenId> total = token_ids(tokenizer_, "total");
    const std::vector<TokenId> other = token_ids(tokenizer_, "0");
    std::vector<TokenId> likely = total;
    likely.push_back(special_.end);
    for (const TokenId token : token_ids(tokenizer_, "a(b, c) + d[e] - \"f\"; return {g: h} if i"))
      if (!std::ranges::count(likely, token)) likely.push_back(token);
    const ScriptedTexts script{{total, other, other}, special_.end, likely, certainty, {}};
    ScriptedModel model(script.language(), special_);
    FillService fills(model, tokenizer_, special_, {256, {4, 8, 16}, 1024});
    FillRequest request = marked_request("^ = 1\nprint(^)\nreturn ^\n");
    const auto constraint = std::make_shared<ScriptedConstraint>();
    constraint->judge = [](std::string_view fill, int) {
      return fill == "total" ? Review{Review::Verdict::cut, {}, 0} : Review{};
    };
    if (refused) request.holes[1].constraint = constraint;
    request.decoding.mode = mode;
    const auto reply = fills.fill(request);
    EXPECT_TRUE(reply && model.violations().empty());
    std::string texts;
    for (const Fill& fill : reply->alternatives[0].fills) texts += fill.text + "|";
    return texts;
  }

  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
};

TEST_F(GivenNameTest, IsUsedWhereTheModelIsUnsure) {
  for (const Mode mode : {Mode::autoregressive, Mode::lossless, Mode::diffusion}) {
    EXPECT_EQ(filled(0.5F, mode), "total|total|total|");
    EXPECT_EQ(filled(0.9999F, mode), "total|0|0|");
  }
}

TEST_F(GivenNameTest, IsNotUsedWhereItDoesNotFit) {
  EXPECT_EQ(filled(0.5F, Mode::lossless, /*refused=*/true), "total|0|total|");
}

}  // namespace
}  // namespace inpaint::engine
