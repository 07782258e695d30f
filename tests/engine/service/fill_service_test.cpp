#include "engine/service/fill_service.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/utf8.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Mode kModes[] = {Mode::autoregressive, Mode::lossless, Mode::diffusion};

class FillServiceTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  const FillLimits limits_{256, {4, 8, 16}, 1024};

  std::vector<TokenId> alphabet() const {
    std::vector<TokenId> all = token_ids(
        tokenizer_, "alpha(beta, gamma) = delta[0] + \"text\"; return {x: y} if not self.name");
    std::ranges::sort(all);
    const auto twins = std::ranges::unique(all);
    all.erase(twins.begin(), twins.end());
    return all;
  }
  ScriptedTexts says(std::vector<std::vector<TokenId>> texts) const {
    return {std::move(texts), special_.end, alphabet(), 0.95F, {}};
  }
  ScriptedTexts says(const std::vector<std::string>& texts) const {
    std::vector<std::vector<TokenId>> tokens;
    for (const std::string& text : texts) tokens.push_back(token_ids(tokenizer_, text));
    return says(tokens);
  }
  FillService service(Model& model) const { return {model, tokenizer_, special_, limits_}; }

  /// What a reply says: each alternative's fills, joined by '|'.
  static std::vector<std::string> texts(const Result<FillReply>& reply) {
    if (!reply) return {to_string(reply.error())};
    std::vector<std::string> all;
    for (const Alternative& alternative : reply->alternatives) {
      std::string joined;
      for (const Fill& fill : alternative.fills) joined += fill.text + "|";
      joined.pop_back();
      all.push_back(joined);
    }
    return all;
  }
};

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
    request.mode = mode;
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
      request.mode = mode;
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
      request.mode = mode;
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
  request.holes[0].max_tokens = 2;
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
      for (Hole& hole : request.holes) hole.max_tokens = 4;
      request.mode = mode;
      request.alternatives = 8;
      request.seed = seed;
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
      request.alternatives = 1;
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
  request.alternatives = 8;
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
      for (Hole& hole : request.holes) hole.max_tokens = 12;
      request.mode = mode;
      request.seed = seed;
      request.alternatives = 3;
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
        other.holes[0].max_tokens = 5;
        other.mode = mode;
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

TEST_F(FillServiceTest, ADeadlineThatHasPassedStillGivesOneAlternative) {
  for (const Mode mode : kModes) {
    ScriptedModel model(random_language(3, alphabet(), special_.end), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = ^\n");
    request.mode = mode;
    request.alternatives = 4;
    request.deadline = Clock::time_point::min();
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply) << to_string(reply.error());
    EXPECT_EQ(reply->alternatives.size(), 1U);
    EXPECT_EQ(reply->alternatives[0].fills.size(), 2U);
    EXPECT_TRUE(reply->deadline_reached);
    for (const Fill& fill : reply->alternatives[0].fills) EXPECT_FALSE(fill.ended);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(FillServiceTest, ADeadlineBetweenAlternativesIsSaid) {
  // The deadline passes with the last forward of the first alternative.
  ScriptedModel model(says({"x"}).language(), special_);
  FillService fills = service(model);
  FillRequest request = marked_request("a = ^\n");
  request.mode = Mode::autoregressive;
  request.alternatives = 2;
  request.on_step = [&](const Step& step) {
    if (step.forward == 2) request.deadline = Clock::time_point::min();
  };
  const auto reply = fills.fill(request);
  EXPECT_THAT(texts(reply), ElementsAre("x"));
  EXPECT_TRUE(reply->alternatives[0].fills[0].ended);
  EXPECT_TRUE(reply->deadline_reached) << "fewer alternatives than were asked for";
}

TEST_F(FillServiceTest, ACancelledRequestStopsBeforeTheNextForward) {
  for (const Mode mode : kModes)
    for (std::size_t at = 0; at < 4; ++at) {
      SCOPED_TRACE(at);
      ScriptedModel model(random_language(3, alphabet(), special_.end), special_);
      FillService fills = service(model);
      std::stop_source stop;
      if (at == 0) stop.request_stop();
      model.before_forward = [&](std::size_t n) {
        if (n + 1 == at) stop.request_stop();
      };
      FillRequest request = marked_request("a = ^\nb = ^\nc = ^\n");
      request.mode = mode;
      request.stop = stop.get_token();
      const auto reply = fills.fill(request);
      ASSERT_FALSE(reply);
      EXPECT_EQ(reply.error().code, ErrorCode::cancelled);
      EXPECT_EQ(model.forwards.size(), at);
    }
}

TEST_F(FillServiceTest, AFailingModelIsAnErrorAndTheNextRequestIsServed) {
  ScriptedModel model(says({"x + y"}).language(), special_);
  FillService fills = service(model);
  model.fails_at = 2;
  const auto broken = fills.fill(marked_request("a = ^\n"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::not_finite);
  EXPECT_THAT(texts(fills.fill(marked_request("a = ^\n"))), ElementsAre("x + y"));
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(FillServiceTest, AWatcherSeesEachForwardOfEachSpan) {
  for (const Mode mode : kModes) {
    ScriptedModel model(random_language(4, alphabet(), special_.end), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = ^\n");
    request.mode = mode;
    request.alternatives = 2;
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
