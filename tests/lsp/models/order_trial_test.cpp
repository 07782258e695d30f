#include "lsp/models/order_trial.h"

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using test::Asked;
using test::FakeEngine;
using test::fill_of;
using test::script_of;
using test::set_token;

TEST(OrderTrial, TheLinesAreTenAndEachIsSaidByWhatFollows) {
  std::set<std::string_view> paths;
  for (const TrueLine& line : true_lines()) {
    paths.insert(line.path);
    EXPECT_TRUE(line.before.ends_with(" ") || line.before.ends_with("\t")) << line.path;
    EXPECT_TRUE(line.behind.starts_with("\n")) << line.path;
    EXPECT_EQ(line.line.find('\n'), std::string_view::npos) << line.path;
  }
  EXPECT_EQ(true_lines().size(), 10U);
  EXPECT_EQ(paths.size(), 10U);
}

TEST(OrderTrial, CountsTheLinesThatAreRight) {
  const auto asked = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("int most = 0;", 0.9F), set_token(" ", 0.9F)})}),
                    asked);
  EXPECT_EQ(count_right_lines(engine, {}).value(), 1) << "white space at its end is none of it";
  ASSERT_EQ(asked->requests.size(), 10U);
  for (const engine::FillRequest& request : asked->requests) {
    ASSERT_EQ(request.holes.size(), 1U);
    EXPECT_TRUE(request.holes[0].stops_at_newline);
    EXPECT_TRUE(request.text.substr(request.holes[0].range.begin).starts_with("\n"));
    EXPECT_EQ(request.holes[0].range.begin, request.holes[0].range.end);
  }
  FakeEngine silent(script_of({}), asked);
  EXPECT_EQ(count_right_lines(silent, {}).value(), 0);
}

TEST(OrderTrial, StopsWhenItIsToldTo) {
  std::stop_source stop;
  stop.request_stop();
  test::Script script = script_of({fill_of({set_token("x", 0.9F)})});
  script.steps = {{}};
  FakeEngine engine(script, std::make_shared<Asked>());
  EXPECT_EQ(count_right_lines(engine, stop.get_token()).error().code, engine::ErrorCode::cancelled);
}

TEST(OrderTrial, SaysWhichToUse) {
  const auto says = [](int prefix_first, int suffix_first) {
    return describe(OrderTrial{.prefix_first = prefix_first, .suffix_first = suffix_first});
  };
  EXPECT_EQ(says(8, 1), "of 10 true lines 8 were right with fim-psm-1, 1 with fim-spm-1: use "
                        "--prompt-format fim-psm-1");
  EXPECT_EQ(says(2, 9), "of 10 true lines 2 were right with fim-psm-1, 9 with fim-spm-1: use "
                        "--prompt-format fim-spm-1");
  EXPECT_TRUE(says(4, 4).ends_with(": no difference, fim-psm-1 stays"));
  EXPECT_TRUE(
      says(0, 0).ends_with(": neither serves; try --prompt-format prefix-1, or another model"));
}

TEST(OrderTrial, SaysHowAModelIsAskedAndHowThatIsKnown) {
  EXPECT_EQ(describe_prompt({}), "the model's own: it was trained by Inpaint");
  EXPECT_EQ(describe_prompt({.prompt_format = "fim-spm-1", .fim_family = "mellum"}),
            "fim-spm-1: by its tokens and its name it is of the family mellum");
  EXPECT_TRUE(
      describe_prompt({.prompt_format = "fim-psm-1", .fim_order = engine::FimOrder::assumed})
          .starts_with("fim-psm-1, assumed: "));
  EXPECT_TRUE(describe_prompt({.prompt_format = "prefix-1", .fim_order = engine::FimOrder::absent})
                  .starts_with("prefix-1, because it has no tokens to fill in the middle with"));
}

}  // namespace
}  // namespace inpaint::lsp
