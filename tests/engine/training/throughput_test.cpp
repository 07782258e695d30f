// The work of a training step, counted by hand, and a speed to compare it with.

#include "engine/training/throughput.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(Throughput, CountsEveryProductOfAStep) {
  ModelConfig config;
  config.hidden = 4;
  config.layers = 2;
  config.heads = config.kv_heads = 2;
  config.head_dim = 2;
  config.intermediate = 8;
  config.vocabulary = 10;
  SampleShape shape;
  shape.context = 6;
  shape.area = 2;
  Batch batch;
  batch.rows.tokens = at::zeros({3, 8}, at::kLong);
  batch.used_rows = 24;  // all of them
  batch.loss_rows = at::zeros({5}, at::kLong);
  // A layer's matrices: 4 of 4 x 4 for attention and 3 of 4 x 8. Attention: scores and values over 18
  // pairs of the context and 16 of the area, 4 wide.
  const double layer = (4 * 16 + 3 * 32) * 24.0 + 2 * 4 * (18 + 16) * 3.0;
  const double head = 4 * 10 * 5.0;
  EXPECT_EQ(step_operations(config, shape, batch), 6 * (2 * layer + head));

  batch.used_rows = 12;
  EXPECT_EQ(step_operations(config, shape, batch), 6 * (2 * layer / 2 + head));
}

TEST(Throughput, AProductHasASpeed) {
  ModelConfig config;
  config.hidden = 16;
  config.intermediate = 32;
  EXPECT_GT(product_speed(config, 8, at::kFloat, at::kCPU), 0.0);
}

}  // namespace
}  // namespace inpaint::engine
