// Where nothing of a greedy text fits, a sampled one is tried.
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/service/fill_service.h"
#include "tests/engine/decoding/scripted_constraint.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {
namespace {

TEST(FillService, WhereNothingFitsOneMoreTextIsTried) {
  const Tokenizer tokenizer = mini_tokenizer();
  const SpecialTokens special = special_tokens(tokenizer);
  const std::vector<TokenId> text = token_ids(tokenizer, "1 + x");
  for (const auto& [accepts, gate, n_texts] :
       {std::tuple{false, false, 2}, {false, true, 1}, {true, false, 1}}) {
    ScriptedModel model(ScriptedTexts{{text}, special.end, text, 0.95F, {}}.language(), special);
    FillService fills(model, tokenizer, special, {256, {4, 8, 16}, 1024});
    const auto verdict = std::make_shared<ScriptedConstraint>();
    if (!accepts)
      verdict->judge = [](std::string_view, int) {
        return grammar::Review{grammar::Review::Verdict::cut, {}, 0};
      };
    FillRequest request = marked_request("a = ^\n");
    request.holes.front().constraint = verdict;
    request.decoding.gate = gate;
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->alternatives.size(), 1U) << "the second says the same: nothing";
    EXPECT_EQ(reply->alternatives[0].fills[0].text, accepts ? "1 + x" : "");
    EXPECT_EQ(verdict->n_begun, n_texts);
    verdict->n_begun = 0;
    request.decoding.deadline = std::chrono::milliseconds(0);
    ASSERT_TRUE(fills.fill(request));
    EXPECT_EQ(verdict->n_begun, 1) << "a deadline cuts alternatives short";
  }
}

}  // namespace
}  // namespace inpaint::engine
