#include "engine/service/fill_service.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/utf8.h"
#include "tests/engine/service/fill_service_fixture.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FillServiceTest, ABadRequestRunsNoForward) {
  ScriptedModel model(says({"x"}).language(), special_);
  FillService fills = service(model);
  const auto reply = fills.fill({.text = "a"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::bad_argument);
  EXPECT_THAT(model.forwards, IsEmpty());
}

TEST_F(FillServiceTest, FillsEveryHoleInEveryMode) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"1 + x", "", "return"}).language(), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = [[old]]\n^ c\n");
    request.decoding.mode = mode;
    const auto reply = fills.fill(request);
    EXPECT_THAT(texts(reply), ElementsAre("1 + x||return"));
    ASSERT_TRUE(reply);
    for (const Fill& fill : reply->alternatives[0].fills) {
      EXPECT_TRUE(fill.ended);
      std::string joined;
      for (const SpanToken& token : fill.tokens) joined += token.text;
      EXPECT_EQ(joined, fill.text);
      EXPECT_NEAR(fill.probability, std::pow(0.95, 1 + static_cast<double>(fill.tokens.size())),
                  1e-5);
    }
    EXPECT_FALSE(reply->deadline_reached);
    EXPECT_EQ(reply->reused_tokens, 0);
    EXPECT_GT(reply->context_tokens, 10);
    EXPECT_EQ(static_cast<std::size_t>(reply->forwards), model.forwards.size() - 1)
        << "one for the context";
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(FillServiceTest, AFillInsideOfALineEndsBeforeItsLineBreak) {
  const std::pair<const char*, const char*> cases[] = {
      {"x + y", "x + y"}, {"x + y\n    z", "x + y"}, {"x;\nz", "x;"}, {"\nz", ""}, {"x\r\nz", "x"},
      {"x\rz", "x"},      {"x):\n\n\n", "x):"}};
  for (const auto& [says_text, expected] : cases)
    for (const Mode mode : kModes) {
      ScriptedModel model(says({says_text}).language(), special_);
      FillService fills = service(model);
      FillRequest request = marked_request("a = ^\nb\n");
      request.decoding.mode = mode;
      request.holes[0].stops_at_newline = true;
      const auto reply = fills.fill(request);
      ASSERT_THAT(texts(reply), ElementsAre(expected));
      std::string joined;
      for (const SpanToken& token : reply->alternatives[0].fills[0].tokens) {
        EXPECT_FALSE(token.text.empty());
        joined += token.text;
      }
      EXPECT_EQ(joined, expected) << "the tokens are what the text is made of";
      EXPECT_EQ(reply->alternatives[0].fills[0].ended,
                std::string_view(says_text).find_first_of("\r\n") == std::string_view::npos)
          << "a line break is not the model's own end";
    }
}

TEST_F(FillServiceTest, ALaterSpanSeesAnEarlierOneAsItIsShown) {
  const std::pair<const char*, const char*> cases[] = {
      {"1\n    y", "1"}, {"x + y", "x + y"}, {"\ny", ""}};
  for (const auto& [says_text, expected] : cases)
    for (const Mode mode : kModes) {
      const ScriptedLanguage plain = says(std::vector<std::string>{says_text, "z"}).language();
      std::vector<TokenId> seen;
      ScriptedLanguage spying = plain;
      spying.next = [&](const ScriptedView& view) {
        if (view.hole == 1) seen = view.context;
        return plain.next(view);
      };
      spying.propose = [&](const ScriptedView& view, int index) {
        if (view.hole == 1) seen = view.context;
        return plain.propose(view, index);
      };
      ScriptedModel model(spying, special_);
      FillService fills = service(model);
      FillRequest request = marked_request("a = ^\nb = ^\n");
      for (Hole& hole : request.holes) hole.stops_at_newline = true;
      request.decoding.mode = mode;
      EXPECT_THAT(texts(fills.fill(request)), ElementsAre(std::string(expected) + "|z"));
      EXPECT_TRUE(
          shown(tokenizer_, seen).ends_with(std::string("<fill_0>") + expected + "<end><fill_1>"))
          << shown(tokenizer_, seen);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(FillServiceTest, AFillIsCutBehindItsLastWholeCharacter) {
  const auto bytes_as_tokens = [&](std::string_view bytes) {
    std::vector<TokenId> ids;
    for (const char byte : bytes) {
      const auto one = token_ids(tokenizer_, std::string_view(&byte, 1));
      EXPECT_EQ(one.size(), 1U);
      ids.push_back(one.front());
    }
    return ids;
  };
  const std::pair<const char*, const char*> cases[] = {
      {"caf\xC3\xA9", "caf\xC3\xA9"},  // whole, though of two tokens
      {"caf\xC3", "caf"},              // the length ended inside of a character
      {"\xE6\xBC", ""},                //
      {"a\xFFz", "a"},                 // what is no UTF-8 ends the text
      {"\xF0\x9F\x98\x80!", "\xF0\x9F\x98\x80!"},
      {"a\xED\xA0\x80z", "a"},  // a surrogate
  };
  for (const auto& [bytes, expected] : cases) {
    ScriptedModel model(says({bytes_as_tokens(bytes)}).language(), special_);
    FillService fills = service(model);
    const auto reply = fills.fill(marked_request("a = ^\n"));
    ASSERT_THAT(texts(reply), ElementsAre(expected));
    std::string joined;
    for (const SpanToken& token : reply->alternatives[0].fills[0].tokens) joined += token.text;
    EXPECT_EQ(joined, expected);
  }
}

TEST_F(FillServiceTest, ALengthThatEndsASpanIsNotItsEnd) {
  ScriptedModel model(says({"alpha + beta + gamma"}).language(), special_);
  FillService fills = service(model);
  FillRequest request = marked_request("a = ^\n");
  request.decoding.max_tokens = 2;
  const auto reply = fills.fill(request);
  EXPECT_THAT(texts(reply), ElementsAre("alpha +"));
  EXPECT_FALSE(reply->alternatives[0].fills[0].ended);
}

TEST_F(FillServiceTest, AlternativesAreApartAndTheBestIsFirst) {
  std::size_t most = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    for (const Mode mode : kModes) {
      ScriptedModel model(random_language(seed, alphabet(), special_.end), special_);
      FillService fills = service(model);
      FillRequest request = marked_request("a = ^\nb = ^\n");
      request.decoding.max_tokens = 4;
      request.decoding.mode = mode;
      request.decoding.alternatives = 8;
      request.decoding.seed = seed;
      const auto reply = fills.fill(request);
      ASSERT_TRUE(reply) << to_string(reply.error());
      const std::vector<std::string> all = texts(reply);
      EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
      double last = 2.0;
      for (const Alternative& alternative : reply->alternatives) {
        double joint = 1.0;
        for (const Fill& fill : alternative.fills) joint *= fill.probability;
        EXPECT_LE(joint, last);
        last = joint;
      }
      most = std::max(most, all.size());
      EXPECT_THAT(model.violations(), IsEmpty());

      // The greedy one is among them, whatever its rank.
      ScriptedModel alone(random_language(seed, alphabet(), special_.end), special_);
      FillService greedy = service(alone);
      request.decoding.alternatives = 1;
      EXPECT_THAT(all, testing::Contains(texts(greedy.fill(request)).front()));
    }
  }
  EXPECT_GT(most, 4U);
}

TEST_F(FillServiceTest, AlternativesThatAreAllAlikeAreOne) {
  ScriptedTexts script = says({"x"});
  script.certainty = 1.0F;
  ScriptedModel model(script.language(), special_);
  FillService fills = service(model);
  FillRequest request = marked_request("a = ^\n");
  request.decoding.alternatives = 8;
  EXPECT_THAT(texts(fills.fill(request)), ElementsAre("x"));
}

TEST_F(FillServiceTest, TheSameRequestGivesTheSameBytesWhateverIsCached) {
  // Typing towards the request leaves the anchor where the request sets it; another anchor is another
  // context, and may be filled differently.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    for (const Mode mode : kModes) {
      const ScriptedLanguage language = random_language(seed, alphabet(), special_.end);
      FillRequest request = marked_request("alpha(^)\nbeta = [[0]]\ngamma\n");
      request.decoding.max_tokens = 12;
      request.decoding.mode = mode;
      request.decoding.seed = seed;
      request.decoding.alternatives = 3;
      ScriptedModel fresh(language, special_);
      FillService first = service(fresh);
      const std::vector<std::string> expected = texts(first.fill(request));

      ScriptedModel used(language, special_);
      FillService second = service(used);
      std::stop_source stop;
      for (const char* marked : {"^\nbeta = [[0]]\ngamma\n", "al^\nbeta = [[0]]\ngamma\n", "x^",
                                 "alpha^\nbeta = [[0]]\ngamma\n"}) {
        FillRequest other = marked_request(marked);
        other.path = marked[0] == 'x' ? "b.py" : "a.py";
        other.decoding.max_tokens = 5;
        other.decoding.mode = mode;
        other.stop = stop.get_token();
        const std::size_t at = used.forwards.size() + 2 + seed % 3;
        used.before_forward = [&, at](std::size_t n) {
          if (marked[0] == 'x' && n >= at) stop.request_stop();
        };
        const auto reply = second.fill(other);
        EXPECT_TRUE(reply || reply.error().code == ErrorCode::cancelled);
        if (stop.stop_requested()) stop = std::stop_source();
      }
      used.before_forward = nullptr;
      const auto reply = second.fill(request);
      EXPECT_EQ(texts(reply), expected);
      EXPECT_GT(reply->reused_tokens, 0);
      EXPECT_EQ(texts(second.fill(request)), expected);
      EXPECT_THAT(used.violations(), IsEmpty());
    }
  }
}

TEST_F(FillServiceTest, AWatcherSeesEachForwardOfEachSpan) {
  for (const Mode mode : kModes) {
    ScriptedModel model(random_language(4, alphabet(), special_.end), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = ^\n");
    request.decoding.mode = mode;
    request.decoding.alternatives = 2;
    int n_steps = 0;
    std::vector<int> seen{0, 0, 0};  // alternative, hole, forward
    request.on_step = [&](const Step& step) {
      ++n_steps;
      const std::vector<int> now{step.alternative, step.hole, step.forward};
      EXPECT_LT(seen, now);
      if (step.forward > 1) {
        EXPECT_EQ(step.forward, seen[2] + 1);
      }
      for (const SpanToken& token : step.tokens) {
        EXPECT_EQ(token.state == SpanToken::State::mask, token.text.empty());
        EXPECT_GE(token.confidence, 0.0F);
        EXPECT_LE(token.confidence, 1.0F);
      }
      seen = now;
      return true;
    };
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(n_steps, reply->forwards);
    EXPECT_EQ(seen[0], 1);
    EXPECT_EQ(seen[1], 1);
  }
}

TEST_F(FillServiceTest, TypingOnPaysForWhatWasTyped) {
  ScriptedModel model(says({"x"}).language(), special_);
  FillService fills = service(model);
  std::string above;
  for (int i = 0; i < 10; ++i) above += "value_" + std::to_string(i) + " = 1\n";
  const auto first = fills.fill(marked_request(above + "a^\nb\nc\n"));
  const auto second = fills.fill(marked_request(above + "a = ^\nb\nc\n"));
  ASSERT_TRUE(first && second);
  EXPECT_GE(second->reused_tokens, first->context_tokens - 4);
  FillRequest elsewhere = marked_request("z^\n", "b.py");
  const auto other = fills.fill(elsewhere);
  EXPECT_LE(other->reused_tokens, 1);
  const auto back = fills.fill(marked_request(above + "a = ^\nb\nc\n"));
  EXPECT_EQ(back->reused_tokens, back->context_tokens) << "the other file has a slot of its own";
}

}  // namespace
}  // namespace inpaint::engine
