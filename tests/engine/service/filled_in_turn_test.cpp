// Formats without stand-ins for holes: one hole after another, and cursors inside of tokens.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/prompt/fim_format.h"
#include "tests/engine/service/fill_service_fixture.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;

class FilledInTurnTest : public FillServiceTest {
 protected:
  FillService fim(Model& model, const PromptFormat& format = kFimPsm1) const {
    return {model, tokenizer_, special_, {256, {}, 1024, &format}};
  }
  /// The text of what the model was shown, for each context that was encoded.
  std::vector<std::string> contexts(const ScriptedModel& model) const {
    std::vector<std::string> all;
    for (const ScriptedModel::Forward& forward : model.forwards) {
      if (!forward.asked.empty()) continue;
      std::vector<TokenId> tokens;
      for (const Row& row : forward.rows) tokens.push_back(row.token);
      all.push_back(shown(tokenizer_, tokens));
    }
    return all;
  }
};

TEST_F(FilledInTurnTest, EachHoleSeesThoseBeforeItFilledAndThoseBehindItAsTheyAre) {
  ScriptedModel model(says({"x"}).language(), special_);
  FillService fills = fim(model);
  const auto reply = fills.fill(marked_request("a = \n^b = \n[[old]]c\n"));
  EXPECT_THAT(texts(reply), ElementsAre("x|x"));
  EXPECT_THAT(contexts(model), ElementsAre("<prefix>a = \n<near>b = \noldc\n",
                                           "xb = \n<near>c\n"));  // behind what is shared
  EXPECT_THAT(model.violations(), testing::IsEmpty());
}

TEST_F(FilledInTurnTest, ACutTokenIsSaidAgain) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"return x"}).language(), special_);
    FillService fills = fim(model);
    FillRequest request = marked_request("def f():\n    ret^\n");
    request.decoding.mode = mode;
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply) << to_string(reply.error());
    EXPECT_THAT(texts(reply), ElementsAre("urn x"));
    EXPECT_EQ(contexts(model).front().find("ret"), std::string::npos) << contexts(model).front();
    std::string joined;
    for (const SpanToken& token : reply->alternatives[0].fills[0].tokens) joined += token.text;
    EXPECT_EQ(joined, "urn x");
  }
}

TEST_F(FilledInTurnTest, ADraftIsScoredBehindTheCutToken) {
  ScriptedModel model(says({"return x"}).language(), special_);
  FillService fills = fim(model);
  FillRequest request = marked_request("def f():\n    ret^\n");
  request.holes[0].drafts = {"urn x", "ry: y"};
  const auto reply = fills.fill(request);
  ASSERT_TRUE(reply) << to_string(reply.error());
  ASSERT_EQ(reply->drafts[0].size(), 2U);
  EXPECT_EQ(reply->drafts[0][0].text, "urn x");
  EXPECT_EQ(reply->drafts[0][1].text, "ry: y");
  EXPECT_GT(reply->drafts[0][0].probability, 0.5F);
  EXPECT_LT(reply->drafts[0][1].probability, 0.1F);
}

TEST_F(FilledInTurnTest, WithoutAMarkerTheSpanGoesOnBehindTheText) {
  SpecialTokens none;
  none.end = special_.end;
  const auto ends = [&](const ScriptedView&) {
    return scripted_distribution({special_.end, 0.95F}, alphabet());
  };
  ScriptedModel model({ends, [&](const ScriptedView& view, int) { return ends(view); }}, special_);
  FillService fills(model, tokenizer_, none, {256, {}, 1024, &kPrefix1});
  const auto reply = fills.fill(marked_request("a =\n^\n"));
  ASSERT_TRUE(reply) << to_string(reply.error());
  const ScriptedModel::Forward& first = model.forwards[1];
  EXPECT_EQ(first.rows.front().token, token_ids(tokenizer_, "a =\n").back());
  EXPECT_EQ(first.rows.front().position, reply->context_tokens);
}

}  // namespace
}  // namespace inpaint::engine
