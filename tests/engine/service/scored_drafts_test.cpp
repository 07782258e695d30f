// Each draft of a request is scored, the first by the forward that writes from it.

#include <gtest/gtest.h>

#include <cmath>

#include "engine/service/fill_service.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {
namespace {

TEST(FillService, ScoresEveryDraftTheFirstWhileItWrites) {
  const Tokenizer tokenizer = mini_tokenizer();
  const SpecialTokens special = special_tokens(tokenizer);
  const std::vector<TokenId> text = token_ids(tokenizer, "1 + x");
  for (const Mode mode : {Mode::autoregressive, Mode::lossless, Mode::diffusion}) {
    SCOPED_TRACE(static_cast<int>(mode));
    ScriptedModel model(ScriptedTexts{{text}, special.end, text, 0.95F, {}}.language(), special);
    FillService fills(model, tokenizer, special, {256, {4, 8, 16}, 1024});
    FillRequest request = marked_request("a = ^\n");
    request.decoding.mode = mode;
    request.holes.front().drafts = {"1 + x", "1 - x"};
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->drafts.front().size(), 2U);
    const Fill &right = reply->drafts.front()[0], &wrong = reply->drafts.front()[1];
    EXPECT_EQ(right.text, "1 + x");
    EXPECT_NEAR(right.probability, std::pow(0.95, 1.0 + static_cast<double>(right.tokens.size())),
                1e-5);
    EXPECT_EQ(wrong.text, "1 - x");
    EXPECT_LT(wrong.probability, 0.01F);
    EXPECT_EQ(static_cast<std::size_t>(reply->forwards), model.forwards.size() - 2)
        << "one for the context and one for the second draft";
  }
}

}  // namespace
}  // namespace inpaint::engine
