#include "lsp/protocol/language_id.h"

#include <algorithm>
#include <utility>

namespace inpaint::lsp {
namespace {

constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"c++", "cpp"},       {"tsx", "typescriptreact"}, {"jsx", "javascriptreact"}, {"golang", "go"},
    {"js", "javascript"}, {"ts", "typescript"},       {"py", "python"},           {"rs", "rust"},
};

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string normal_language_id(std::string_view name) {
  std::string normal(name);
  std::ranges::transform(normal, normal.begin(), to_lower);
  const auto* const other =
      std::ranges::find(kOtherNames, normal, &std::pair<std::string_view, std::string_view>::first);
  return other == std::end(kOtherNames) ? normal : std::string(other->second);
}

}  // namespace inpaint::lsp
