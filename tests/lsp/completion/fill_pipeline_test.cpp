// One hole or several, filled in one request by an engine that answers from a script.

#include "lsp/completion/fill_pipeline.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/completion/completer.h"
#include "lsp/completion/parse_for_request.h"
#include "tests/grammar/cursor_text.h"
#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using test::fill_of;
using test::set_token;

/// A request about a text of some language, with its tree, and the holes at each ^.
struct Asked {
  CompletionRequest request;
  std::vector<HolePlan> holes;
};

Asked asked_in(std::string_view marked, const char* language = "python") {
  Asked asked;
  std::string text;
  std::vector<std::size_t> cursors;
  for (const char c : marked) {
    if (c == '^') cursors.push_back(text.size());
    else text += c;
  }
  Place& place = asked.request.place;
  place.text = std::make_shared<const std::string>(std::move(text));
  place.language = grammar::language_by_name(language);
  place.tree = parse_for_request(place);
  for (const std::size_t cursor : cursors)
    asked.holes.push_back(grammar::plan_hole({.text = *place.text,
                                              .cursor = cursor,
                                              .language = place.language,
                                              .tree = place.tree.get()}));
  place.cursor = cursors.front();
  asked.request.drafts = false;
  return asked;
}

engine::Alternative alternative_of(const std::vector<std::string>& texts) {
  engine::Alternative alternative;
  for (const std::string& text : texts)
    alternative.fills.push_back(fill_of({set_token(text, 0.9F)}));
  return alternative;
}

/// The engine's alternatives, each with a text for every hole.
test::Script script_of(const std::vector<std::vector<std::string>>& alternatives) {
  test::Script script;
  for (const auto& texts : alternatives) script.joint.push_back(alternative_of(texts));
  return script;
}

/// The texts of an alternative, "-" where none can be shown.
std::string shown(const std::vector<FilledHole>& holes) {
  std::string texts;
  for (const FilledHole& hole : holes)
    texts += (texts.empty() ? "" : "|") + (hole.candidate ? hole.candidate->text : "-");
  return texts;
}

struct World {
  std::shared_ptr<test::Asked> asked = std::make_shared<test::Asked>();
  test::FakeEngine engine;
  explicit World(test::Script script) : engine(std::move(script), asked) {}
};

TEST(FillPipeline, SaysWhoseProbabilitiesACandidateHas) {
  for (const auto& [format, writer] :
       {std::pair{"", Writer::embedded}, std::pair{"fim-psm-1", Writer::published}}) {
    test::Script script = script_of({{"1"}});
    script.info.prompt_format = format;
    World world(std::move(script));
    const Asked asked = asked_in("a = ^\n");
    const auto filled = fill_holes(world.engine, asked.request, asked.holes, DraftUse::start);
    ASSERT_TRUE(filled);
    ASSERT_TRUE(filled->alternatives[0][0].candidate);
    EXPECT_EQ(filled->alternatives[0][0].candidate->evidence.writer, writer) << format;
  }
}

TEST(FillPipeline, ShowsTheEngineOneTextWithAllHolesInIt) {
  struct Case {
    const char* marked;
    const char* expect;
  };
  for (const Case& c : {Case{"a = ^\nb\n", "a = [[]]\nb\n"},
                        {"a = ^\n  ^  \nb = [^]\n", "a = [[]]\n[[]]\nb = [[[]]]\n"}}) {
    const Asked asked = asked_in(c.marked);
    World world(script_of({std::vector<std::string>(asked.holes.size(), "1")}));
    ASSERT_TRUE(fill_holes(world.engine, asked.request, asked.holes, DraftUse::start)) << c.marked;
    const engine::FillRequest& request = world.asked->requests.front();
    std::string text = request.text;
    for (auto hole = request.holes.rbegin(); hole != request.holes.rend(); ++hole)
      text = grammar::mark_hole(text, hole->range);
    EXPECT_EQ(text, c.expect);
  }
}

struct TwoHoles {
  const char* name;
  const char* marked;  // the hole in question, and another one behind it
  const char* fill;
  const char* shown;
};

const TwoHoles kTwoHoles[] = {
    {"a text that fits", "x = f(^)\ny = ^\n", "a, b", "a, b"},
    {"one that says what stands behind the hole", "x = f(^)\ny = ^\n", "a, b)", "a, b"},
    {"one that breaks the file", "x = f(^)\ny = ^\n", "a]", "-"},
    {"a body in the style of the file", "def f():\n\tg()\n\ndef h():\n\t^\n\ny = ^\n",
     "    g()\n    g()", "\tg()\n\tg()"},
    {"a broken place", "x = = 1\nz = f(^\ny = ^\n", "a)", "a)"},
};

TEST(FillPipeline, AHoleIsFilledAloneAsItIsAmongOthers) {
  for (const TwoHoles& c : kTwoHoles) {
    const Asked both = asked_in(c.marked);
    Asked one = both;
    one.holes.pop_back();
    World alone(script_of({{c.fill}}));
    World among(script_of({{c.fill, "1"}}));
    const auto first = fill_holes(alone.engine, one.request, one.holes, DraftUse::start);
    const auto second = fill_holes(among.engine, both.request, both.holes, DraftUse::start);
    ASSERT_TRUE(first && second) << c.name;
    EXPECT_EQ(shown(first->alternatives.front()), c.shown) << c.name;
    EXPECT_EQ(shown(second->alternatives.front()), std::string(c.shown) + "|1") << c.name;
    EXPECT_EQ(first->alternatives.front().front().written,
              second->alternatives.front().front().written)
        << c.name;
  }
}

TEST(FillPipeline, ALaterHoleIsJudgedWithTheEarlierOnesFilled) {
  const Asked asked = asked_in("x = ^\ny = ^\n");
  // Each text is right alone; the second pair is right together only.
  World world(script_of({{"(1", "2)"}, {"1", "2"}, {"[", "]"}}));
  const auto filled = fill_holes(world.engine, asked.request, asked.holes, DraftUse::start);
  ASSERT_TRUE(filled);
  ASSERT_EQ(filled->alternatives.size(), 3U);
  EXPECT_EQ(shown(filled->alternatives[0]), "-|-");
  EXPECT_EQ(shown(filled->alternatives[1]), "1|2");
  EXPECT_EQ(shown(filled->alternatives[2]), "-|-");
}

TEST(FillPipeline, DraftsAreWhereWritingStartsOrCandidatesBesideIt) {
  const char* const file =
      "def first(a):\n    checked = validate(a, strict=True)\n    return checked\n\n"
      "def second(a):\n    checked = ^\n    return checked\n";
  Asked asked = asked_in(file);
  for (const bool wanted : {false, true}) {
    asked.request.drafts = wanted;
    for (const DraftUse use : {DraftUse::start, DraftUse::compete}) {
      World world(script_of({{"a"}}));
      const auto filled = fill_holes(world.engine, asked.request, asked.holes, use);
      ASSERT_TRUE(filled);
      const std::size_t n_drafts = world.asked->requests.front().holes.front().drafts.size();
      EXPECT_EQ(n_drafts > 0, wanted);
      if (use == DraftUse::start) {
        EXPECT_LE(n_drafts, 1U);
      }
      ASSERT_EQ(filled->drafts.size(), 1U);
      const bool competes = wanted && use == DraftUse::compete;
      EXPECT_EQ(filled->drafts.front().empty(), !competes);
      if (!competes) continue;
      EXPECT_EQ(filled->drafts.front().front().candidate.text, "validate(a, strict=True)");
    }
  }
}

TEST(FillPipeline, TheModelIsNotAskedAboutADraftThatWouldNeverBeShown) {
  // Behind `bind(mesh, ` the file says two things; the nearer one would make the line that of above again.
  Asked asked = asked_in(
      "def load(mesh):\n    bind(mesh, POSITION, positions)\n    bind(mesh, NORMAL, normals)\n"
      "    bind(mesh, ^\n    return mesh\n");
  asked.request.drafts = true;
  World world(script_of({{"UV, uvs)"}}));
  ASSERT_TRUE(fill_holes(world.engine, asked.request, asked.holes, DraftUse::compete));
  const std::vector<std::string>& drafts = world.asked->requests.front().holes.front().drafts;
  EXPECT_EQ(drafts.front(), "POSITION, positions)");
  EXPECT_THAT(drafts, testing::Not(testing::Contains("NORMAL, normals)")));
}

TEST(FillPipeline, WithoutATreeNothingIsChecked) {
  Asked asked = asked_in("x = f(^)\n");
  asked.request.place.tree = nullptr;
  World world(script_of({{"a]"}}));
  const auto filled = fill_holes(world.engine, asked.request, asked.holes, DraftUse::start);
  ASSERT_TRUE(filled);
  EXPECT_EQ(shown(filled->alternatives.front()), "a]");
  EXPECT_EQ(filled->constraints.front()->promise(), nullptr);
}

TEST(FillPipeline, AWatcherIsToldTheHole) {
  Asked asked = asked_in("x = ^\ny = ^\n");
  test::Script script = script_of({{"1", "2"}});
  script.steps = {{.hole = 1, .forward = 1, .tokens = {}}, {.hole = 0, .forward = 2, .tokens = {}}};
  World world(script);
  std::vector<HolePlan> seen;
  asked.request.on_step = [&](const HolePlan& hole, const engine::Step&) { seen.push_back(hole); };
  ASSERT_TRUE(fill_holes(world.engine, asked.request, asked.holes, DraftUse::start));
  EXPECT_EQ(seen, (std::vector<HolePlan>{asked.holes[1], asked.holes[0]}));
}

TEST(FillPipeline, TheDeadlineCountsFromWhenItWasAskedFor) {
  Asked asked = asked_in("x = ^\n");
  asked.request.decoding.deadline = std::chrono::milliseconds(70);
  World world(script_of({{"1"}}));
  const engine::Clock::time_point since = engine::Clock::now() - std::chrono::seconds(1);
  ASSERT_TRUE(fill_holes(world.engine, asked.request, asked.holes, DraftUse::start, since));
  EXPECT_EQ(world.asked->requests.front().deadline(), since + std::chrono::milliseconds(70));
}

TEST(FillPipeline, RefusesWhatIsNoHole) {
  World world(script_of({{"1"}}));
  Asked asked = asked_in("x = ^\n");
  EXPECT_EQ(fill_holes(world.engine, asked.request, {}, DraftUse::start).error().code,
            engine::ErrorCode::bad_argument);
  asked.holes.front().range = {4, 99};
  EXPECT_EQ(fill_holes(world.engine, asked.request, asked.holes, DraftUse::start).error().code,
            engine::ErrorCode::bad_argument);
  EXPECT_TRUE(world.asked->requests.empty());
}

/// An engine that asks the constraint of its hole as the real one does, and notes what that cost.
class ReviewingEngine final : public test::FakeEngine {
 public:
  using FakeEngine::FakeEngine;

  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    constraint_ = std::dynamic_pointer_cast<grammar::HoleConstraint>(request.holes[0].constraint);
    auto reply = FakeEngine::fill(std::move(request));
    constraint_->begin();
    constraint_->review(reply->alternatives.front().fills.front().text);
    n_parses_ = n_parses();
    return reply;
  }
  std::size_t n_parses() const { return constraint_->promise()->n_parses(); }
  std::size_t n_parses_of_the_engine() const { return n_parses_; }

 private:
  std::shared_ptr<grammar::HoleConstraint> constraint_;
  std::size_t n_parses_ = 0;
};

TEST(FillPipeline, WhatTheEngineHasParsedIsNotParsedForTheLastWord) {
  Asked asked = asked_in("x = f(a^\ny = 1\n");
  ReviewingEngine engine(script_of({{", b)"}}), std::make_shared<test::Asked>());
  const auto completion = Completer(engine).complete(asked.request);
  ASSERT_TRUE(completion);
  EXPECT_EQ(engine.n_parses_of_the_engine(), 1U);
  EXPECT_EQ(engine.n_parses(), 1U);
}

TEST(FillPipeline, TheLastWordIsOfThePromiseThatTheEngineAsked) {
  // Broken elsewhere, so that how well the place can parse has to be looked for.
  Asked asked = asked_in("int a = );\nint x = f(a, ^);\nint y;\n", "c");
  asked.request.decoding.gate = false;
  asked.request.decoding.alternatives = 2;
  ReviewingEngine engine(script_of({{"b"}, {"c"}}), std::make_shared<test::Asked>());
  const auto completion = Completer(engine).complete(asked.request);
  ASSERT_TRUE(completion);
  EXPECT_EQ(completion->candidates.size(), 2U);
  const std::size_t for_the_engine = engine.n_parses_of_the_engine();
  const std::size_t for_the_last_word = engine.n_parses() - for_the_engine;
  EXPECT_GT(for_the_last_word, 0U) << "another promise was asked";
  // Repairs of each fill, and each fill; the placeholders are not tried again.
  const std::size_t tried = grammar::PromiseLimits{}.tried;
  EXPECT_LE(for_the_last_word, 2 * tried + 4);
}

}  // namespace
}  // namespace inpaint::lsp
