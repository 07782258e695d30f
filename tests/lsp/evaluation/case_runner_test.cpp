#include "lsp/evaluation/case_runner.h"

#include <memory>
#include <stop_token>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lsp/retrieval/draft_probability.h"
#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using test::Asked;
using test::FakeEngine;
using test::fill_of;
using test::script_of;
using test::set_token;

EvalCase python_case() {
  EvalCase asked;
  asked.id = "a";
  asked.language = "python";
  asked.kind = grammar::HoleKind::line;
  asked.path = "m/x.py";
  asked.prefix = "x = f(1)\nx = f(";
  asked.suffix = "\ny = 2\n";
  asked.target = "1)";
  return asked;
}

TEST(CaseRunner, OtherFilesAreShownToTheModelWhereThatIsWanted) {
  const auto seen = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("1", 0.5F)})}), seen);
  EvalCase asked = python_case();
  asked.neighbours = {"y = 1\n", "z = 2\n"};
  for (const bool snippets : {false, true}) {
    const CaseRunner runner(&engine, {.snippets = snippets});
    ASSERT_TRUE(runner.run(asked, {}));
    const std::vector<engine::Snippet>& shown = seen->requests.back().snippets;
    ASSERT_EQ(shown.size(), snippets ? 2U : 0U);
    if (!snippets) continue;
    EXPECT_EQ(shown[1].path, "other2.py");
    EXPECT_EQ(shown[1].text, "z = 2\n");
  }
}

TEST(CaseRunner, AsksAsAnEditorWould) {
  const auto seen = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("1", 0.5F), set_token(")", 0.5F)})}), seen);
  RunnerOptions options;
  options.decoding.mode = engine::Mode::diffusion;
  options.decoding.threshold = 0.7F;
  const CaseRunner runner(&engine, options);
  const auto result = runner.run(python_case(), {});
  ASSERT_TRUE(result) << engine::to_string(result.error());
  ASSERT_EQ(seen->requests.size(), 1U);
  const engine::FillRequest& request = seen->requests[0];
  EXPECT_EQ(request.path, "m/x.py");
  EXPECT_EQ(request.text, "x = f(1)\nx = f(\ny = 2\n");
  ASSERT_EQ(request.holes.size(), 1U);
  EXPECT_EQ(request.holes[0].range, (engine::ByteRange{15, 15}));
  EXPECT_TRUE(request.holes[0].stops_at_newline);
  EXPECT_EQ(request.decoding.max_tokens, 64);
  EXPECT_EQ(request.decoding.mode, engine::Mode::diffusion);
  EXPECT_EQ(request.decoding.threshold, 0.7F);

  EXPECT_EQ(result->id, "a");
  EXPECT_EQ(result->text, "1)");
  EXPECT_EQ(result->kind, "line");
  EXPECT_GT(*result->probability, 0.0);
  EXPECT_EQ(result->tokens, 2);
  EXPECT_EQ(result->forwards, 2);
  EXPECT_GT(result->milliseconds, 0.0);
}

TEST(CaseRunner, OwnsNothingButTheCursor) {
  const auto seen = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("1", 0.5F)})}), seen);
  EvalCase asked = python_case();
  asked.prefix = "def f():\n    ";
  asked.suffix = "  \nx\n";
  ASSERT_TRUE(CaseRunner(&engine, {}).run(asked, {}));
  EXPECT_EQ(seen->requests[0].text, asked.prefix + asked.suffix);
  EXPECT_EQ(seen->requests[0].holes[0].range.size(), 0U);
}

TEST(CaseRunner, BoundsTheLengthByKindOrAsToldTo) {
  const auto seen = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("1", 0.5F)})}), seen);
  EvalCase asked = python_case();
  asked.kind = grammar::HoleKind::span;
  ASSERT_TRUE(CaseRunner(&engine, {}).run(asked, {}));
  EXPECT_EQ(seen->requests[0].decoding.max_tokens, 256);
  EXPECT_FALSE(seen->requests[0].holes[0].stops_at_newline);
  RunnerOptions options;
  options.decoding.max_tokens = 7;
  options.length_by_kind = false;
  ASSERT_TRUE(CaseRunner(&engine, options).run(asked, {}));
  EXPECT_EQ(seen->requests[1].decoding.max_tokens, 7);
}

TEST(CaseRunner, CountsErrorsAgainstTheBestThatThePlaceCanBe) {
  struct ErrorCase {
    const char* fill;
    const char* shown;
    int errors_after;
  };
  for (const ErrorCase& c :
       {ErrorCase{"1)", "1)", 0}, {"2 + 3)", "2 + 3)", 0}, {"1))", "", 1}, {"", "", 1}}) {
    FakeEngine engine(script_of({fill_of({set_token(c.fill, 0.5F)})}), std::make_shared<Asked>());
    RunnerOptions options;
    options.drafts = false;
    const auto result = CaseRunner(&engine, options).run(python_case(), {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->text, c.shown) << c.fill;
    EXPECT_EQ(result->errors_before, 1) << "the bracket is open";
    EXPECT_EQ(result->errors_baseline, 0);
    EXPECT_EQ(result->errors_after, c.errors_after) << c.fill;
  }
}

TEST(CaseRunner, CompletesWithoutAGrammar) {
  FakeEngine engine(script_of({fill_of({set_token("1)", 0.5F)})}), std::make_shared<Asked>());
  EvalCase asked = python_case();
  asked.language = "nonsense";
  asked.path = "";
  const auto result = CaseRunner(&engine, {}).run(asked, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->text, "1)");
  EXPECT_FALSE(result->errors_before || result->errors_baseline || result->errors_after);
}

TEST(CaseRunner, CopiesWithoutAnEngine) {
  const auto result = CaseRunner(nullptr, {}).run(python_case(), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->text, "1)");
  EXPECT_EQ(result->kind, "line");
  EXPECT_EQ(result->errors_after, 0);
  EXPECT_EQ(result->forwards, 0);
  ASSERT_TRUE(result->probability);
  EXPECT_GT(*result->probability, 0.0);
  EXPECT_LT(*result->probability, 1.0);
}

TEST(CaseRunner, AnswersByAnalogyWithoutAnEngine) {
  EvalCase asked = python_case();
  asked.prefix = "self.width = width\nself.height = height\nself.depth = ";
  const auto result = CaseRunner(nullptr, {.without_engine = Drafts::analogies}).run(asked, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->text, "depth");
}

TEST(CaseRunner, ListsTheDraftsOfBothSortsWithWhatTheirRatingSaw) {
  EvalCase asked = python_case();
  asked.prefix = "self.width = width\nself.height = height\nself.depth = ";
  const RunnerOptions both{.without_engine = Drafts::both, .candidates = true};
  const auto result = CaseRunner(nullptr, both).run(asked, {});
  ASSERT_TRUE(result);
  ASSERT_FALSE(result->candidates.empty());
  EXPECT_EQ(result->text, result->candidates.front().text);
  EXPECT_EQ(result->text, "depth");
  double probable = 0.0;
  for (const EvalCandidate& candidate : result->candidates) {
    EXPECT_THAT(candidate.origin, testing::AnyOf("copy", "analogy", "both"));
    EXPECT_EQ(candidate.observations.size(), DraftObservations{}.size());
    probable += candidate.probability;
  }
  EXPECT_LT(probable, 1.0) << "none of them may be right";
}

TEST(CaseRunner, DoesNotShowAnUnlikelyCopyThroughTheGate) {
  EvalCase asked = python_case();
  asked.prefix = "nothing = alike(77)\nx = ";
  const auto open = CaseRunner(nullptr, {}).run(asked, {});
  const auto gated = CaseRunner(nullptr, {.decoding = {.gate = true}}).run(asked, {});
  ASSERT_TRUE(open && gated);
  EXPECT_EQ(open->text, "alike(77)");
  EXPECT_LT(open->probability, 0.5);
  EXPECT_EQ(gated->text, "");
  EXPECT_EQ(gated->probability, open->probability);

  asked.prefix = "";
  for (int i = 0; i < 8; ++i) asked.prefix += "first_line(a)\nsecond = call(b)\ny = 2\n";
  asked.prefix += "first_line(a)\nsecond = ";
  const auto likely = CaseRunner(nullptr, {.decoding = {.gate = true}}).run(asked, {});
  ASSERT_TRUE(likely);
  EXPECT_EQ(likely->text, "call(b)");
}

TEST(CaseRunner, DoesNotLookAtTheTarget) {
  EvalCase asked = python_case();
  const auto first = CaseRunner(nullptr, {}).run(asked, {});
  asked.target = "something_else)";
  const auto second = CaseRunner(nullptr, {}).run(asked, {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->text, second->text);
}

TEST(CaseRunner, IsStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto result = CaseRunner(nullptr, {}).run(python_case(), stop.get_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, engine::ErrorCode::cancelled);
}

}  // namespace
}  // namespace inpaint::lsp
