#include "engine/model/quantisation.h"

#include <charconv>
#include <string>

namespace inpaint::engine {
namespace {

/// N of "q8_gN"; 0 where the format is another.
std::int64_t group_of(std::string_view format) {
  constexpr std::string_view kPrefix = "q8_g";
  std::int64_t group = 0;
  if (!format.starts_with(kPrefix)) return 0;
  const char* end = format.data() + format.size();
  const auto parsed = std::from_chars(format.data() + kPrefix.size(), end, group);
  return parsed.ec == std::errc() && parsed.ptr == end && group > 0 ? group : 0;
}

}  // namespace

Result<QuantisedMatrix> quantise(const at::Tensor& matrix, std::string_view format) {
  const std::int64_t group = group_of(format);
  if (group == 0 || matrix.dim() != 2 || matrix.size(1) % group != 0)
    return failure(ErrorCode::bad_config, "weight format \"" + std::string(format) + "\"",
                   "is not q8_gN with N a divisor of " + std::to_string(matrix.size(-1)),
                   "use q8_g64 or q8_g32");
  const at::Tensor groups = matrix.to(at::kFloat).view({matrix.size(0), -1, group});
  // Rounded to f16 before it is used, so that integers are chosen for the scale that is stored.
  const at::Tensor scales = (groups.abs().amax(-1) / 127.0).clamp_min(6.0e-8).to(at::kHalf);
  const at::Tensor integers =
      (groups / scales.to(at::kFloat).unsqueeze(-1)).round().clamp(-127, 127);
  return QuantisedMatrix{integers.to(at::kChar).view(matrix.sizes()), scales};
}

Result<at::Tensor> dequantise(const QuantisedMatrix& matrix) {
  const at::Tensor &integers = matrix.integers, &scales = matrix.scales;
  if (integers.dim() != 2 || scales.dim() != 2 || integers.size(0) != scales.size(0) ||
      scales.size(1) == 0 || integers.size(1) % scales.size(1) != 0)
    return failure(ErrorCode::bad_weights, "quantised matrix", "its scales do not fit its integers",
                   "fetch the model again");
  const at::Tensor groups = integers.to(at::kFloat).view({integers.size(0), scales.size(1), -1});
  return (groups * scales.to(at::kFloat).unsqueeze(-1)).view(integers.sizes());
}

}  // namespace inpaint::engine
