#include "lsp/models/model_check.h"

#include <memory>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using test::Asked;
using test::FakeEngine;
using test::fill_of;
using test::script_of;
using test::set_token;

TEST(ModelCheck, AsksTwiceForTheSameGap) {
  const auto asked = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("width", 0.9F), set_token(" * height", 0.9F)})}),
                    asked);
  const auto checked = check_model(engine, {});
  ASSERT_TRUE(checked) << engine::to_string(checked.error());
  EXPECT_EQ(checked->before + checked->text, "    return width * height");
  EXPECT_EQ(checked->tokens, 2);
  EXPECT_NEAR(checked->tokens_per_second, 2 / 0.0115, 1e-6);
  EXPECT_EQ(checked->context_ms, 30.25);
  ASSERT_EQ(asked->requests.size(), 2U);
  EXPECT_EQ(asked->requests[0].text, asked->requests[1].text);
  ASSERT_EQ(asked->requests[0].holes.size(), 1U);
  const auto at = asked->requests[0].holes[0].range.begin;
  EXPECT_TRUE(asked->requests[0].text.substr(0, at).ends_with("    return "));
  EXPECT_FALSE(asked->requests[0].decoding.gate);
}

TEST(ModelCheck, SaysWhenItIsNoText) {
  const auto asked = std::make_shared<Asked>();
  FakeEngine engine(script_of({fill_of({set_token("\xff\xfe", 0.9F)})}), asked);
  EXPECT_EQ(check_model(engine, {}).error().code, engine::ErrorCode::bad_weights);
  FakeEngine silent(script_of({}), asked);
  EXPECT_EQ(check_model(silent, {}).error().code, engine::ErrorCode::bad_weights);
}

TEST(ModelCheck, DescribesTheModel) {
  EXPECT_EQ(describe({.family = "qwen2",
                      .parameters = 494'000'000,
                      .layers = 24,
                      .hidden = 896,
                      .vocabulary = 151'936,
                      .context_budget = 1024}),
            "qwen2, 494.0M parameters, 24 layers of 896, vocabulary 151936, context 1024 tokens");
}

TEST(ModelCheck, SaysWhetherMasksDraft) {
  EXPECT_EQ(describe_adapter({.adapter = "/a/b"}), "masks by the adapter /a/b");
  EXPECT_EQ(describe_adapter({.adapter_note = "/a/b: cut short"}), "no masks: /a/b: cut short");
  EXPECT_EQ(describe_adapter({}), "no masks: no adapter is for this model");
  EXPECT_EQ(describe_adapter({.block_widths = {4, 8}}), "masks of its own");
}

}  // namespace
}  // namespace inpaint::lsp
