// Group-wise integer weights: what the shipped model is stored in.
//
// "q8_gN": each row of a matrix is cut into groups of N; a group holds signed bytes in -127 … 127
// and one f16 scale, value = integer * scale. Symmetric, so that zero stays zero. The error of a
// weight is at most half a scale, which is 1/254 of the largest weight of its group.
//
// matrix [rows, columns] f32 <-> integers [rows, columns] i8, scales [rows, columns / N] f16.
// Errors: bad_config for an unknown format, or one that does not divide the columns.
#pragma once

#include <ATen/ATen.h>

#include <string_view>

#include "engine/base/error.h"

namespace inpaint::engine {

struct QuantisedMatrix {
  at::Tensor integers, scales;
};

Result<QuantisedMatrix> quantise(const at::Tensor& matrix, std::string_view format);

/// The group size is what the two shapes say; they must agree.
Result<at::Tensor> dequantise(const QuantisedMatrix& matrix);

}  // namespace inpaint::engine
