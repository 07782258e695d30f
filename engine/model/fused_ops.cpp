#include "engine/model/fused_ops.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/kernels/fused_kernels.h"
#include "engine/model/shape_check.h"

namespace inpaint::engine {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

bool has_kernel(const at::Tensor& x) {
  return x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

/// Null for an empty tensor.
template <class T>
T* data(const at::Tensor& x) {
  return x.numel() > 0 ? static_cast<T*>(x.data_ptr()) : nullptr;
}

/// Calls body.template operator()<T>() with the storage type of `x`.
template <class Body>
void with_type(const at::Tensor& x, const Body& body) {
  if (x.scalar_type() == at::kFloat) body.template operator()<float>();
  else body.template operator()<kernels::Bf16>();
}

/// About 16k elements of work per piece: below that a thread costs more than it brings.
std::int64_t grain(std::int64_t width) { return std::max<std::int64_t>(1, 16384 / width); }

/// Runs body(range, sums) over `rows`, each piece with f32 sums [width] of its own; adds them up.
template <class Body>
at::Tensor sum_over_rows(std::int64_t rows, std::int64_t width, const Body& body) {
  const std::int64_t pieces = std::min<std::int64_t>(at::get_num_threads(), rows);
  at::Tensor sums = at::zeros({std::max<std::int64_t>(pieces, 1), width}, at::kFloat);
  at::parallel_for(0, pieces, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t piece = first; piece < last; ++piece)
      body(kernels::RowRange{rows * piece / pieces, rows * (piece + 1) / pieces},
           sums.data_ptr<float>() + piece * width);
  });
  return sums.sum(0);
}

struct RmsNorm : Function<RmsNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& weight, double eps) {
    const at::Tensor x = input.contiguous();
    const std::int64_t width = x.size(-1);
    const std::int64_t rows = x.numel() / width;
    at::Tensor y = at::empty_like(x);
    at::Tensor scale = at::empty({rows}, at::kFloat);
    with_type(x, [&]<class T>() {
      at::parallel_for(0, rows, grain(width), [&](std::int64_t begin, std::int64_t end) {
        kernels::rms_norm(data<T>(x), data<T>(weight), static_cast<float>(eps), width, {begin, end},
                          data<T>(y), scale.data_ptr<float>());
      });
    });
    context->save_for_backward({x, weight, scale});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &scale = saved[2];
    const at::Tensor dy = grads[0].contiguous();
    const std::int64_t width = x.size(-1);
    at::Tensor dx = at::empty_like(x);
    at::Tensor d_weight;
    with_type(x, [&]<class T>() {
      d_weight = sum_over_rows(x.numel() / width, width, [&](kernels::RowRange rows, float* sums) {
        kernels::rms_norm_backward(data<T>(x), data<T>(weight), scale.data_ptr<float>(),
                                   data<T>(dy), width, rows, data<T>(dx), sums);
      });
    });
    return {dx, d_weight.to(weight.scalar_type()), at::Tensor()};
  }
};

struct GatedSilu : Function<GatedSilu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input) {
    const at::Tensor x = input.contiguous();
    const std::int64_t width = x.size(-1) / 2;
    auto shape = x.sizes().vec();
    shape.back() = width;
    at::Tensor y = at::empty(shape, x.options());
    with_type(x, [&]<class T>() {
      at::parallel_for(0, y.numel() / width, grain(width),
                       [&](std::int64_t begin, std::int64_t end) {
                         kernels::gated_silu(data<T>(x), width, {begin, end}, data<T>(y));
                       });
    });
    context->save_for_backward({x});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const at::Tensor x = context->get_saved_variables()[0];
    const at::Tensor dy = grads[0].contiguous();
    const std::int64_t width = x.size(-1) / 2;
    at::Tensor dx = at::empty_like(x);
    with_type(x, [&]<class T>() {
      at::parallel_for(
          0, dy.numel() / width, grain(width), [&](std::int64_t begin, std::int64_t end) {
            kernels::gated_silu_backward(data<T>(x), data<T>(dy), width, {begin, end}, data<T>(dx));
          });
    });
    return {dx};
  }
};

/// What one (batch, row) of a projection needs to find its heads in q, k and v.
struct HeadPlace {
  std::int64_t batch, row, rows;
  const HeadLayout& layout;
  int all_heads() const { return layout.heads + 2 * layout.kv_heads; }
  /// Start of head `h` of this row in a tensor [batch, heads, rows, head_dim].
  std::int64_t in(int heads, int h) const {
    return ((batch * heads + h) * rows + row) * layout.head_dim;
  }
};

template <class Body>
void for_each_row(std::int64_t rows, const HeadLayout& layout, kernels::RowRange range,
                  const Body& body) {
  for (std::int64_t i = range.begin; i < range.end; ++i)
    body(i, HeadPlace{i / rows, i % rows, rows, layout});
}

struct SplitHeads : Function<SplitHeads> {
  static variable_list forward(AutogradContext* context, const at::Tensor& input,
                               const at::Tensor& q_norm, const at::Tensor& k_norm,
                               const at::Tensor& cos_rows, const at::Tensor& sin_rows,
                               std::int64_t heads, std::int64_t kv_heads, std::int64_t head_dim,
                               double eps) {
    const at::Tensor x = input.contiguous();
    const at::Tensor cos = cos_rows.contiguous();
    const at::Tensor sin = sin_rows.contiguous();
    const HeadLayout layout{static_cast<int>(heads), static_cast<int>(kv_heads),
                            static_cast<int>(head_dim), eps};
    const std::int64_t batch = x.size(0);
    const std::int64_t rows = x.size(1);
    at::Tensor q = at::empty({batch, heads, rows, head_dim}, x.options());
    at::Tensor k = at::empty({batch, kv_heads, rows, head_dim}, x.options());
    at::Tensor v = at::empty({batch, kv_heads, rows, head_dim}, x.options());
    at::Tensor scale = at::empty({batch * rows, heads + kv_heads}, at::kFloat);
    with_type(x, [&]<class T>() {
      at::parallel_for(
          0, batch * rows, grain(x.size(-1)), [&](std::int64_t begin, std::int64_t end) {
            for_each_row(rows, layout, {begin, end}, [&](std::int64_t i, HeadPlace place) {
              const T* from = data<T>(x) + i * x.size(-1);
              float* scales = scale.data_ptr<float>() + i * (heads + kv_heads);
              const kernels::HeadTurn turn{cos.data_ptr<float>() + i * head_dim,
                                           sin.data_ptr<float>() + i * head_dim, layout.head_dim,
                                           static_cast<float>(eps)};
              for (int h = 0; h < layout.heads; ++h, from += head_dim)
                kernels::norm_rotate(from, data<T>(q_norm), turn,
                                     data<T>(q) + place.in(layout.heads, h), scales++);
              for (int h = 0; h < layout.kv_heads; ++h, from += head_dim)
                kernels::norm_rotate(from, data<T>(k_norm), turn,
                                     data<T>(k) + place.in(layout.kv_heads, h), scales++);
              for (int h = 0; h < layout.kv_heads; ++h, from += head_dim)
                std::copy_n(from, head_dim, data<T>(v) + place.in(layout.kv_heads, h));
            });
          });
    });
    context->save_for_backward({x, q_norm, k_norm, cos, sin, scale});
    context->saved_data["heads"] = heads;
    context->saved_data["kv_heads"] = kv_heads;
    return {q, k, v};
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &q_norm = saved[1], &k_norm = saved[2], &cos = saved[3],
                     &sin = saved[4], &scale = saved[5];
    const std::int64_t heads = context->saved_data["heads"].toInt();
    const std::int64_t kv_heads = context->saved_data["kv_heads"].toInt();
    const std::int64_t head_dim = cos.size(-1);
    const HeadLayout layout{static_cast<int>(heads), static_cast<int>(kv_heads),
                            static_cast<int>(head_dim), 0.0};
    const at::Tensor dq = grads[0].contiguous();
    const at::Tensor dk = grads[1].contiguous();
    const at::Tensor dv = grads[2].contiguous();
    const std::int64_t batch = x.size(0);
    const std::int64_t rows = x.size(1);
    at::Tensor dx = at::empty_like(x);
    at::Tensor d_norms;  // [2 head_dim]: of q_norm, then of k_norm
    with_type(x, [&]<class T>() {
      d_norms =
          sum_over_rows(batch * rows, 2 * head_dim, [&](kernels::RowRange range, float* sums) {
            for_each_row(rows, layout, range, [&](std::int64_t i, HeadPlace place) {
              const T* from = data<T>(x) + i * x.size(-1);
              T* to = data<T>(dx) + i * x.size(-1);
              const float* scales = scale.data_ptr<float>() + i * (heads + kv_heads);
              const kernels::HeadTurn turn{cos.data_ptr<float>() + i * head_dim,
                                           sin.data_ptr<float>() + i * head_dim, layout.head_dim,
                                           0.0F};
              for (int h = 0; h < layout.heads; ++h, from += head_dim, to += head_dim)
                kernels::norm_rotate_backward(from, data<T>(q_norm), turn, *scales++,
                                              data<T>(dq) + place.in(layout.heads, h), to, sums);
              for (int h = 0; h < layout.kv_heads; ++h, from += head_dim, to += head_dim)
                kernels::norm_rotate_backward(from, data<T>(k_norm), turn, *scales++,
                                              data<T>(dk) + place.in(layout.kv_heads, h), to,
                                              sums + head_dim);
              for (int h = 0; h < layout.kv_heads; ++h, to += head_dim)
                std::copy_n(data<T>(dv) + place.in(layout.kv_heads, h), head_dim, to);
            });
          });
    });
    const auto part = [&](const at::Tensor& norm, std::int64_t which) {
      return norm.numel() > 0 ? d_norms.narrow(0, which * head_dim, head_dim).to(norm.scalar_type())
                              : at::Tensor();
    };
    return {dx, part(q_norm, 0), part(k_norm, 1), {}, {}, {}, {}, {}, {}};
  }
};

void check_heads(const at::Tensor& qkv, const at::Tensor& q_norm, const at::Tensor& k_norm,
                 const at::Tensor& cos, const at::Tensor& sin, const HeadLayout& layout) {
  constexpr const char* kName = "split_heads";
  TORCH_CHECK(layout.head_dim > 0 && layout.head_dim % 2 == 0, kName,
              ": expected an even head_dim, got ", layout.head_dim);
  const std::int64_t width = std::int64_t{layout.heads + 2 * layout.kv_heads} * layout.head_dim;
  check_shape(kName, "qkv", qkv, {kAnySize, kAnySize, width});
  for (const at::Tensor& norm : {q_norm, k_norm})
    if (norm.defined()) check_shape(kName, "norm", norm, {layout.head_dim}, qkv.scalar_type());
  for (const at::Tensor& table : {cos, sin})
    check_shape(kName, "rotary rows", table, {qkv.size(0), qkv.size(1), layout.head_dim},
                at::kFloat);
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  check_width("rms_norm", "x", x, weight.numel());
  check_shape("rms_norm", "weight", weight, {x.size(-1)}, x.scalar_type());
  return has_kernel(x) ? RmsNorm::apply(x, weight, eps) : reference::rms_norm(x, weight, eps);
}

at::Tensor gated_silu(const at::Tensor& x) {
  check_width("gated_silu", "x", x, x.size(-1) / 2 * 2);
  return has_kernel(x) ? GatedSilu::apply(x) : reference::gated_silu(x);
}

Heads split_heads(const at::Tensor& qkv, const at::Tensor& q_norm, const at::Tensor& k_norm,
                  const at::Tensor& cos, const at::Tensor& sin, const HeadLayout& layout) {
  check_heads(qkv, q_norm, k_norm, cos, sin, layout);
  if (!has_kernel(qkv)) return reference::split_heads(qkv, q_norm, k_norm, cos, sin, layout);
  // Autograd takes no undefined tensors: an empty one stands for the norm that a model lacks.
  const auto given = [&](const at::Tensor& norm) {
    return norm.defined() ? norm : at::empty({0}, qkv.options());
  };
  const variable_list out =
      SplitHeads::apply(qkv, given(q_norm), given(k_norm), cos, sin, layout.heads, layout.kv_heads,
                        layout.head_dim, layout.eps);
  return {out[0], out[1], out[2]};
}

namespace reference {

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  const at::Tensor f = x.to(at::kFloat);
  const at::Tensor scaled = f * at::rsqrt(f.square().mean(-1, true) + eps);
  return (scaled * weight.to(at::kFloat)).to(x.scalar_type());
}

at::Tensor gated_silu(const at::Tensor& x) {
  const auto halves = x.chunk(2, -1);
  return at::silu(halves[0]) * halves[1];
}

Heads split_heads(const at::Tensor& qkv, const at::Tensor& q_norm, const at::Tensor& k_norm,
                  const at::Tensor& cos, const at::Tensor& sin, const HeadLayout& layout) {
  const at::Tensor all =
      qkv.view({qkv.size(0), qkv.size(1), layout.heads + 2 * layout.kv_heads, layout.head_dim})
          .transpose(1, 2);
  const auto turned = [&](at::Tensor x, const at::Tensor& norm) {
    if (norm.defined()) x = reference::rms_norm(x, norm, layout.eps);
    const auto halves = x.to(at::kFloat).chunk(2, -1);
    const at::Tensor rotated = at::cat({-halves[1], halves[0]}, -1);
    return (x.to(at::kFloat) * cos.unsqueeze(1) + rotated * sin.unsqueeze(1)).to(qkv.scalar_type());
  };
  return {turned(all.narrow(1, 0, layout.heads), q_norm),
          turned(all.narrow(1, layout.heads, layout.kv_heads), k_norm),
          all.narrow(1, layout.heads + layout.kv_heads, layout.kv_heads).contiguous()};
}

}  // namespace reference
}  // namespace inpaint::engine
