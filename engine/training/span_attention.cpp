#include "engine/training/span_attention.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "engine/kernels/fused_kernels.h"

namespace inpaint::engine {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// Tall enough for the products to run at full speed, low enough to skip most of what a causal row
/// does not see: an eighth of the products of 512 rows is thrown away.
constexpr std::int64_t kTileRows = 128;

/// Queries [first, first + rows), which look at the first `keys` keys: all of them those that the mask
/// allows if they are `masked`, else each those up to its own row.
struct Tile {
  std::int64_t first, rows, keys;
  bool masked;

  at::Tensor queries(const at::Tensor& x) const { return x.narrow(1, first, rows); }
  at::Tensor seen(const at::Tensor& x) const { return x.narrow(1, 0, keys); }
};

std::vector<Tile> tiles_of(std::int64_t causal_rows, std::int64_t rows) {
  std::vector<Tile> tiles;
  for (std::int64_t first = 0; first < causal_rows; first += kTileRows) {
    const std::int64_t end = std::min(causal_rows, first + kTileRows);
    tiles.push_back({first, end - first, end, false});
  }
  if (causal_rows < rows) tiles.push_back({causal_rows, rows - causal_rows, rows, true});
  return tiles;
}

/// Calls body(matrix, row, data, T) for every row of `matrices` [count, rows, width].
template <class Body>
void for_each_row(const at::Tensor& matrices, const Body& body) {
  const std::int64_t rows = matrices.size(1);
  const auto run = [&]<class T>(T* data) {
    at::parallel_for(0, matrices.size(0) * rows, 64, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        body(i / rows, i % rows, data + i * matrices.size(2));
    });
  };
  if (matrices.scalar_type() == at::kFloat) run(matrices.data_ptr<float>());
  else run(static_cast<kernels::Bf16*>(matrices.data_ptr()));
}

/// softmax(q kᵀ / √head_dim + mask) v by tiles of whole rows: batched products, in bf16 where q is,
/// with the row-wise work of one tile between them. q, k, v [batch · heads, rows, head_dim].
struct TiledAttention : Function<TiledAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v, const at::Tensor& mask, std::int64_t causal_rows) {
    const float scale = 1.0F / std::sqrt(static_cast<float>(q.size(2)));
    const std::int64_t heads = q.size(0) / mask.size(0);
    at::Tensor out = at::empty_like(q);
    variable_list saved{q, k, v};
    for (const Tile& tile : tiles_of(causal_rows, q.size(1))) {
      const at::Tensor p = at::bmm(tile.queries(q), tile.seen(k).transpose(1, 2));
      for_each_row(p, [&]<class T>(std::int64_t matrix, std::int64_t row, T* scores) {
        const T* bias = static_cast<const T*>(mask.const_data_ptr()) +
                        (matrix / heads * mask.size(2) + row) * mask.size(3);
        if (tile.masked) kernels::attention_row(scores, bias, scale, tile.keys, tile.keys);
        else
          kernels::attention_row(scores, static_cast<const T*>(nullptr), scale,
                                 tile.first + row + 1, tile.keys);
      });
      tile.queries(out).copy_(at::bmm(p, tile.seen(v)));
      saved.push_back(p);
    }
    context->save_for_backward(saved);
    context->saved_data["causal_rows"] = causal_rows;
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2];
    const at::Tensor d_out = grads[0].contiguous();
    const float scale = 1.0F / std::sqrt(static_cast<float>(q.size(2)));
    at::Tensor d_q = at::empty_like(q), d_k = at::zeros_like(k), d_v = at::zeros_like(v);
    std::size_t next = 3;
    for (const Tile& tile : tiles_of(context->saved_data["causal_rows"].toInt(), q.size(1))) {
      const at::Tensor& p = saved[next++];
      const at::Tensor d_tile = tile.queries(d_out);
      const at::Tensor d_scores = at::bmm(d_tile, tile.seen(v).transpose(1, 2));
      for_each_row(d_scores, [&]<class T>(std::int64_t matrix, std::int64_t row, T* d_p) {
        const T* row_of_p =
            static_cast<const T*>(p.const_data_ptr()) + (matrix * tile.rows + row) * tile.keys;
        kernels::attention_row_backward(row_of_p, scale, tile.keys, d_p);
      });
      tile.queries(d_q).copy_(at::bmm(d_scores, tile.seen(k)));
      tile.seen(d_k).add_(at::bmm(d_scores.transpose(1, 2), tile.queries(q)));
      tile.seen(d_v).add_(at::bmm(p.transpose(1, 2), d_tile));
    }
    return {d_q, d_k, d_v, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor SpanAttention::attend(int /*layer*/, const at::Tensor& q, const at::Tensor& k,
                                 const at::Tensor& v) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const at::Tensor keys = groups == 1 ? k : k.repeat_interleave(groups, 1);
  const at::Tensor values = groups == 1 ? v : v.repeat_interleave(groups, 1);
  if (q.device().is_cpu()) {
    const auto flat = [](const at::Tensor& x) { return x.contiguous().flatten(0, 1); };
    return TiledAttention::apply(flat(q), flat(keys), flat(values), mask_, causal_rows_)
        .view(q.sizes());
  }
  const auto above = [&](const at::Tensor& x) { return x.narrow(2, 0, causal_rows_); };
  const at::Tensor causal = at::scaled_dot_product_attention(above(q), above(keys), above(values),
                                                             {}, 0.0, /*is_causal=*/true);
  const at::Tensor masked = at::scaled_dot_product_attention(
      q.narrow(2, causal_rows_, q.size(2) - causal_rows_), keys, values, mask_);
  return at::cat({causal, masked}, 2);
}

}  // namespace inpaint::engine
