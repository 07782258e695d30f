// The ten lines tell the orders apart: a published model that was trained prefix first is found to be.
#include "lsp/models/order_trial.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/service/pretrained_engine.h"
#include "tests/published_model.h"

namespace inpaint::lsp {
namespace {

class OrderTrialOnPublishedWeights : public tests::PublishedModel {
 protected:
  void SetUp() override { need(tests::kPublishedQwen); }

  int right_lines(std::string_view format) {
    const auto engine =
        engine::open_pretrained({.model = path_.string(), .prompt_format = std::string(format)});
    if (!engine) {
      ADD_FAILURE() << engine::to_string(engine.error());
      return 0;
    }
    return count_right_lines(**engine, {}).value_or(0);
  }
};

TEST_F(OrderTrialOnPublishedWeights, FindTheirOrder) {
  const OrderTrial trial{.prefix_first = right_lines(OrderTrial::kPrefixFirst),
                         .suffix_first = right_lines(OrderTrial::kSuffixFirst)};
  EXPECT_GT(trial.prefix_first, trial.suffix_first) << describe(trial);
}

}  // namespace
}  // namespace inpaint::lsp
