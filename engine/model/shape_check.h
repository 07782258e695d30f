// Shapes at the door of an operation: where a kernel trusts them, a wrong one would be read beyond
// its end.
//
// Errors: c10::Error, "rms_norm: expected weight [64] Float, got [32] Float"; caught where a forward
//         or a training step is called.
// Cost: some nanoseconds.   Thread rule: any thread.
#pragma once

#include <ATen/ATen.h>

#include <initializer_list>

namespace inpaint::engine {

/// Any size will do there.
inline constexpr std::int64_t kAnySize = -1;

/// `x` has these sizes, and the type where one is given.
void check_shape(const char* operation, const char* name, const at::Tensor& x,
                 std::initializer_list<std::int64_t> expected,
                 std::optional<at::ScalarType> type = std::nullopt);

/// The last of x's sizes is `expected`.
void check_width(const char* operation, const char* name, const at::Tensor& x,
                 std::int64_t expected);

}  // namespace inpaint::engine
