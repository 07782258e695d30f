// The kernels against the same formulas written with ATen: values and gradients, f32 and bf16.

#include "engine/model/fused_ops.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/variable.h>

#include <cmath>
#include <functional>

#include "engine/training/linear_cross_entropy.h"
#include "engine/training/span_attention.h"

namespace inpaint::engine {
namespace {

using Tensors = std::vector<at::Tensor>;
using Operation = std::function<at::Tensor(const Tensors&)>;

struct OperationCase {
  const char* name;
  std::function<Tensors()> inputs;  // f32; all get gradients
  Operation kernel, reference;
};

const HeadLayout kLayout{4, 2, 16, 1e-6};

at::Tensor rows_of(double offset) { return at::rand({2, 5, 16}) + offset; }

/// 150 rows of context, more than a tile, and an area of 20 that sees by a mask; two files.
constexpr std::int64_t kContext = 150, kArea = 20;

Tensors span_heads(std::int64_t kv_heads) {
  const std::int64_t rows = kContext + kArea;
  return {at::randn({2, 4, rows, 16}), at::randn({2, kv_heads, rows, 16}),
          at::randn({2, kv_heads, rows, 16})};
}

/// 0 or -inf over all rows: causal in the context, drawn in the area, where a row sees itself.
at::Tensor span_mask(at::ScalarType type) {
  at::manual_seed(9);
  const std::int64_t rows = kContext + kArea;
  at::Tensor seen = at::ones({2, 1, rows, rows}, at::kBool).tril();
  seen.narrow(2, kContext, kArea).copy_(at::rand({2, 1, kArea, rows}) < 0.5);
  seen.logical_or_(at::eye(rows).to(at::kBool));
  return at::zeros(seen.sizes(), type).masked_fill_(seen.logical_not(), -INFINITY);
}

at::Tensor span_attention(const Tensors& x) {
  const at::Tensor mask = span_mask(x[0].scalar_type()).narrow(2, kContext, kArea).contiguous();
  return SpanAttention(mask).attend(0, x[0], x[1], x[2]);
}

at::Tensor dense_attention(const Tensors& x) {
  const std::int64_t groups = x[0].size(1) / x[1].size(1);
  return at::scaled_dot_product_attention(x[0], x[1].repeat_interleave(groups, 1),
                                          x[2].repeat_interleave(groups, 1),
                                          span_mask(x[0].scalar_type()));
}

/// One tensor that depends on all three results, so that each gets a gradient of its own.
at::Tensor joined(const Heads& heads) {
  return at::cat({heads.q.flatten(), heads.k.flatten() * 2.0, heads.v.flatten() * 3.0});
}

const OperationCase kCases[] = {
    {"rms norm", [] { return Tensors{at::randn({3, 7, 40}), at::randn({40})}; },
     [](const Tensors& x) { return rms_norm(x[0], x[1], 1e-6); },
     [](const Tensors& x) { return reference::rms_norm(x[0], x[1], 1e-6); }},
    {"rms norm of one odd row", [] { return Tensors{at::randn({1, 13}), at::randn({13})}; },
     [](const Tensors& x) { return rms_norm(x[0], x[1], 1e-5); },
     [](const Tensors& x) { return reference::rms_norm(x[0], x[1], 1e-5); }},
    {"gated silu", [] { return Tensors{at::randn({2, 9, 66}) * 4.0}; },
     [](const Tensors& x) { return gated_silu(x[0]); },
     [](const Tensors& x) { return reference::gated_silu(x[0]); }},
    {"gated silu far from zero", [] { return Tensors{at::randn({4, 32}) * 60.0}; },
     [](const Tensors& x) { return gated_silu(x[0]); },
     [](const Tensors& x) { return reference::gated_silu(x[0]); }},
    {"heads with norms",
     [] { return Tensors{at::randn({2, 5, 128}), at::randn({16}), at::randn({16})}; },
     [](const Tensors& x) {
       at::manual_seed(3);
       return joined(split_heads(x[0], x[1], x[2], rows_of(0), rows_of(0.5), kLayout));
     },
     [](const Tensors& x) {
       at::manual_seed(3);
       return joined(reference::split_heads(x[0], x[1], x[2], rows_of(0), rows_of(0.5), kLayout));
     }},
    {"heads without norms", [] { return Tensors{at::randn({2, 5, 128})}; },
     [](const Tensors& x) {
       at::manual_seed(3);
       return joined(split_heads(x[0], {}, {}, rows_of(0), rows_of(0.5), kLayout));
     },
     [](const Tensors& x) {
       at::manual_seed(3);
       return joined(reference::split_heads(x[0], {}, {}, rows_of(0), rows_of(0.5), kLayout));
     }},
    {"attention of context and spans", [] { return span_heads(4); }, span_attention,
     dense_attention},
    {"attention with fewer heads of keys", [] { return span_heads(2); }, span_attention,
     dense_attention},
};

/// The result and the gradients of a weighted sum of it.
Tensors with_gradients(const Operation& operation, const Tensors& inputs, at::ScalarType type) {
  Tensors leaves;
  for (const at::Tensor& input : inputs)
    leaves.push_back(input.detach().to(type, false, true).requires_grad_(true));
  const at::Tensor result = operation(leaves);
  at::manual_seed(11);
  const at::Tensor weights = at::randn(result.sizes()).to(type);
  (result * weights).sum().backward();
  Tensors out{result.detach().to(at::kFloat)};
  for (const at::Tensor& leaf : leaves) out.push_back(leaf.grad().to(at::kFloat));
  return out;
}

void expect_equal(const OperationCase& c, at::ScalarType type, double tolerance) {
  at::manual_seed(5);
  const Tensors inputs = c.inputs();
  const Tensors kernel = with_gradients(c.kernel, inputs, type);
  const Tensors reference = with_gradients(c.reference, inputs, type);
  ASSERT_EQ(kernel.size(), reference.size());
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const double scale = reference[i].abs().max().item<double>() + 1e-6;
    EXPECT_LT((kernel[i] - reference[i]).abs().max().item<double>() / scale, tolerance)
        << c.name << (i == 0 ? ": result" : ": gradient ") << i;
  }
}

TEST(FusedOps, EqualTheReferenceInF32) {
  for (const OperationCase& c : kCases) expect_equal(c, at::kFloat, 2e-5);
}

TEST(FusedOps, AreCloseToTheReferenceInBf16) {
  for (const OperationCase& c : kCases) expect_equal(c, at::kBFloat16, 3e-2);
}

TEST(FusedOps, KeepNotANumber) {
  at::Tensor x = at::ones({2, 8});
  x[1][3] = std::numeric_limits<float>::quiet_NaN();
  const at::Tensor y = rms_norm(x, at::ones({8}), 1e-6);
  EXPECT_TRUE(y[0].isfinite().all().item<bool>());
  EXPECT_TRUE(y[1].isnan().any().item<bool>());
}

struct RefusedCase {
  const char* name;
  std::function<void()> call;
  const char* says;
};

TEST(FusedOps, RefuseShapesThatDoNotFit) {
  const auto heads = [](at::IntArrayRef qkv, const at::Tensor& norm, at::IntArrayRef rotary,
                        at::ScalarType type = at::kFloat) {
    const at::Tensor table = at::zeros(rotary, type);
    split_heads(at::zeros(qkv), norm, norm, table, table, kLayout);
  };
  const RefusedCase cases[] = {
      {"a norm of another width", [] { rms_norm(at::ones({2, 8}), at::ones({9}), 1e-6); },
       "rms_norm: expected x [..., 9], got [2, 8]"},
      {"a norm of another type",
       [] { rms_norm(at::ones({2, 8}), at::ones({8}, at::kBFloat16), 1e-6); },
       "rms_norm: expected weight [8] Float, got [8] BFloat16"},
      {"a gate without its other half", [] { gated_silu(at::ones({2, 9})); },
       "gated_silu: expected x [..., 8], got [2, 9]"},
      {"heads that are not there", [&] { heads({2, 5, 112}, {}, {2, 5, 16}); },
       "split_heads: expected qkv [any, any, 128], got [2, 5, 112]"},
      {"a norm that is not of a head", [&] { heads({2, 5, 128}, at::ones({8}), {2, 5, 16}); },
       "split_heads: expected norm [16] Float, got [8] Float"},
      {"rotary rows of another count", [&] { heads({2, 5, 128}, {}, {2, 4, 16}); },
       "split_heads: expected rotary rows [2, 5, 16] Float, got [2, 4, 16] Float"},
      {"rotary rows of another type", [&] { heads({2, 5, 128}, {}, {2, 5, 16}, at::kDouble); },
       "expected rotary rows [2, 5, 16] Float, got [2, 5, 16] Double"},
      {"an odd head",
       [] {
         const at::Tensor table = at::zeros({1, 1, 3});
         split_heads(at::zeros({1, 1, 9}), {}, {}, table, table, {1, 1, 3, 1e-6});
       },
       "expected an even head_dim, got 3"},
  };
  for (const RefusedCase& c : cases) {
    std::string said;
    try {
      c.call();
    } catch (const c10::Error& error) {
      said = error.what_without_backtrace();
    }
    EXPECT_NE(said.find(c.says), std::string::npos) << c.name << ": " << said;
  }
}

struct LossCase {
  const char* name;
  bool boosts;
  double certainty;  // of half of the rows
};

/// Both ways over more rows than one chunk, with weights of zero among them.
void expect_equals_log_softmax(const LossCase& c) {
  SCOPED_TRACE(c.name);
  at::manual_seed(7);
  const at::Tensor hidden = at::randn({600, 24}), head = at::randn({50, 24});
  const at::Tensor first_choice = at::linear(hidden, head).argmax(-1);
  // A third of the targets is right already.
  const at::Tensor targets =
      at::where(at::rand({600}) < 0.33, first_choice, at::randint(50, {600}, at::kLong));
  const at::Tensor weights = at::rand({600}) * at::randint(2, {600}).to(at::kFloat);
  const at::Tensor certainty = at::randint(2, {600}).to(at::kFloat) * c.certainty;
  // Two copy hints a row, now and then of the same token.
  const at::Tensor boosted = at::randint(50, {600, 2}, at::kLong), boosts = at::randn({600, 2});
  const auto leaf = [](const at::Tensor& x) { return x.clone().requires_grad_(true); };

  const at::Tensor h1 = leaf(hidden), w1 = leaf(head), b1 = leaf(boosts);
  const CrossEntropy fused = linear_cross_entropy(h1, w1, {targets, weights, certainty},
                                                  c.boosts ? Boosts{boosted, b1} : Boosts{});
  (fused.total * 3.0).backward();

  const at::Tensor h2 = leaf(hidden), w2 = leaf(head), b2 = leaf(boosts);
  at::Tensor logits = at::linear(h2, w2);
  if (c.boosts) logits = logits.scatter_add(1, boosted, b2);
  const at::Tensor log_p = at::log_softmax(logits, -1);
  const at::Tensor right = logits.argmax(-1).eq(targets).to(at::kFloat);
  const at::Tensor entropy = -(log_p.exp() * log_p).sum(-1);
  const at::Tensor rows =
      certainty * right * entropy - log_p.gather(1, targets.unsqueeze(1)).squeeze(1);
  const at::Tensor total = (rows * weights).sum() / weights.sum();
  (total * 3.0).backward();

  EXPECT_NEAR(fused.total.item<double>(), total.item<double>(), 1e-4);
  EXPECT_LT((fused.rows - rows).abs().max().item<double>(), 1e-4);
  EXPECT_LT((h1.grad() - h2.grad()).abs().max().item<double>(), 1e-5);
  EXPECT_LT((w1.grad() - w2.grad()).abs().max().item<double>(), 1e-4);
  if (c.boosts) {
    EXPECT_LT((b1.grad() - b2.grad()).abs().max().item<double>(), 1e-5);
  }
}

TEST(LinearCrossEntropy, EqualsLogSoftmaxWithGradients) {
  expect_equals_log_softmax({"alone", false, 0.0});
  expect_equals_log_softmax({"with boosted logits", true, 0.0});
  expect_equals_log_softmax({"with certainty", false, 0.7});
  expect_equals_log_softmax({"with both", true, 0.7});
}

}  // namespace
}  // namespace inpaint::engine
