// Weights in blocks as a tensor, for what torch computes with them.
//
// Shapes: [outputs, inputs] f32.   Thread rule: any thread; no state.
#pragma once

#include <ATen/ATen.h>

#include "engine/kernels/quantised_matrix.h"

namespace inpaint::engine {

inline at::Tensor dense(const kernels::QuantisedMatrix& matrix) {
  at::Tensor rows = at::empty({matrix.outputs(), matrix.inputs()}, at::kFloat);
  for (std::int64_t i = 0; i < matrix.outputs(); ++i)
    matrix.row(i, rows.data_ptr<float>() + i * matrix.inputs());
  return rows;
}

}  // namespace inpaint::engine
