#include "engine/training/linear_cross_entropy.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/kernels/fused_kernels.h"

namespace inpaint::engine {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// Turns logits [rows, vocab] into weights * gradient in place; returns the losses [rows].
at::Tensor differentiate(at::Tensor& logits, const RowAims& aims) {
  const std::int64_t rows = logits.size(0);
  const std::int64_t vocabulary = logits.size(1);
  if (!logits.device().is_cpu()) {
    const at::Tensor targets = aims.targets.unsqueeze(1);
    const at::Tensor log_probability = at::log_softmax(logits, -1, at::kFloat);
    const at::Tensor of_target = log_probability.gather(1, targets);
    const at::Tensor first = of_target.ge(log_probability.amax(-1, true));
    const at::Tensor certainty = aims.certainty.unsqueeze(1) * first;
    at::Tensor gradient = log_probability.exp();
    const at::Tensor entropy = -(gradient * log_probability).sum(-1, true);
    gradient = gradient * (1.0 - certainty * (log_probability + entropy));
    gradient.scatter_add_(1, targets, at::full({rows, 1}, -1.0, gradient.options()));
    logits = (gradient * aims.weights.unsqueeze(1)).to(logits.scalar_type());
    return (certainty * entropy - of_target).squeeze(1);
  }
  at::Tensor losses = at::empty({rows}, at::kFloat);
  const auto run = [&]<class T>(T* data) {
    at::parallel_for(0, rows, 4, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row)
        losses.data_ptr<float>()[row] = kernels::cross_entropy_row(
            data + row * vocabulary, vocabulary,
            {aims.targets.data_ptr<std::int64_t>()[row], aims.weights.data_ptr<float>()[row],
             aims.certainty.data_ptr<float>()[row]});
    });
  };
  if (logits.scalar_type() == at::kFloat) run(logits.data_ptr<float>());
  else run(static_cast<kernels::Bf16*>(logits.data_ptr()));
  return losses;
}

struct LinearCrossEntropy : Function<LinearCrossEntropy> {
  static variable_list forward(AutogradContext* context, const at::Tensor& hidden,
                               const at::Tensor& head, const at::Tensor& targets,
                               const at::Tensor& weights, const at::Tensor& certainty,
                               const at::Tensor& boosted, const at::Tensor& boosts) {
    const at::Tensor share = weights / weights.sum().clamp_min(1e-6);
    at::Tensor d_hidden = at::empty_like(hidden);
    at::Tensor d_head = at::zeros(head.sizes(), head.options().dtype(at::kFloat));
    at::Tensor losses = at::empty({hidden.size(0)}, hidden.options().dtype(at::kFloat));
    const bool boosts_any = boosted.numel() > 0;
    at::Tensor d_boosts = at::empty_like(boosts);
    for (std::int64_t begin = 0; begin < hidden.size(0); begin += kLossChunkRows) {
      const std::int64_t rows = std::min(kLossChunkRows, hidden.size(0) - begin);
      const at::Tensor part = hidden.narrow(0, begin, rows);
      at::Tensor logits = at::linear(part, head);
      at::Tensor hints;
      if (boosts_any) {
        hints = boosted.narrow(0, begin, rows);
        logits.scatter_add_(1, hints, boosts.narrow(0, begin, rows).to(logits.scalar_type()));
      }
      const auto of_part = [&](const at::Tensor& x) {
        return x.narrow(0, begin, rows).contiguous();
      };
      losses.narrow(0, begin, rows)
          .copy_(differentiate(logits, {of_part(targets), of_part(share), of_part(certainty)}));
      if (boosts_any) d_boosts.narrow(0, begin, rows).copy_(logits.gather(1, hints));
      d_hidden.narrow(0, begin, rows).copy_(at::mm(logits, head));
      d_head.add_(at::mm(logits.t(), part));
    }
    context->save_for_backward({d_hidden, d_head.to(head.scalar_type()), d_boosts});
    context->mark_non_differentiable({losses});
    return {(losses * share).sum(), losses};
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    return {saved[0] * grads[0].to(saved[0].scalar_type()),
            saved[1] * grads[0].to(saved[1].scalar_type()),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            saved[2] * grads[0]};
  }
};

}  // namespace

CrossEntropy linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& head,
                                  const RowAims& aims, const Boosts& boosts) {
  // Autograd takes no undefined tensors.
  const auto given = [](const at::Tensor& x, at::ScalarType type) {
    return x.defined() ? x : at::empty({0}, type);
  };
  const variable_list out =
      LinearCrossEntropy::apply(hidden, head, aims.targets, aims.weights, aims.certainty,
                                given(boosts.tokens, at::kLong), given(boosts.values, at::kFloat));
  return {out[0], out[1]};
}

}  // namespace inpaint::engine
