#include "engine/model/shape_check.h"

#include <algorithm>
#include <string>

namespace inpaint::engine {
namespace {

std::string shown(at::IntArrayRef sizes) {
  std::string text = "[";
  for (const std::int64_t size : sizes) {
    if (text.size() > 1) text += ", ";
    text += size == kAnySize ? "any" : std::to_string(size);
  }
  return text + "]";
}

}  // namespace

void check_shape(const char* operation, const char* name, const at::Tensor& x,
                 std::initializer_list<std::int64_t> expected, std::optional<at::ScalarType> type) {
  const auto fits = [](std::int64_t size, std::int64_t wanted) {
    return wanted == kAnySize || size == wanted;
  };
  const bool same = x.defined() && std::ranges::equal(x.sizes(), expected, fits);
  if (same && x.scalar_type() == type.value_or(x.scalar_type())) return;
  TORCH_CHECK(false, operation, ": expected ", name, " ", shown(at::IntArrayRef(expected)),
              type ? std::string(" ") + c10::toString(*type) : "", ", got ",
              x.defined() ? shown(x.sizes()) + " " + c10::toString(x.scalar_type()) : "nothing");
}

void check_width(const char* operation, const char* name, const at::Tensor& x,
                 std::int64_t expected) {
  if (x.defined() && x.dim() > 0 && x.size(-1) == expected) return;
  TORCH_CHECK(false, operation, ": expected ", name, " [..., ", expected, "], got ",
              x.defined() ? shown(x.sizes()) : "nothing");
}

}  // namespace inpaint::engine
