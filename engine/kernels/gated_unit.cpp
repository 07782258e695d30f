#include "engine/kernels/gated_unit.h"

#include "engine/kernels/fast_exp.h"

namespace inpaint::engine::kernels {

INPAINT_CLONES void multiply_by_silu(const float* gate, std::int64_t n, float* x) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) x[i] *= gate[i] * sigmoid(gate[i]);
}

}  // namespace inpaint::engine::kernels
