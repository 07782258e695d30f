#include "lsp/protocol/language_id.h"

#include <algorithm>
#include <utility>

#include "grammar/base/ascii.h"

namespace inpaint::lsp {
namespace {

constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"c++", "cpp"},
    {"tsx", "typescriptreact"},
    {"jsx", "javascriptreact"},
    {"golang", "go"},
    {"js", "javascript"},
    {"ts", "typescript"},
    {"py", "python"},
    {"rs", "rust"},
    {"c#", "csharp"},
    {"cs", "csharp"},
    {"rb", "ruby"},
    {"kt", "kotlin"},
    {"sh", "shellscript"},
    {"bash", "shellscript"},
    {"shell", "shellscript"},
};

}  // namespace

std::string normal_language_id(std::string_view name) {
  std::string normal = grammar::lowered(name);
  const auto* const other =
      std::ranges::find(kOtherNames, normal, &std::pair<std::string_view, std::string_view>::first);
  return other == std::end(kOtherNames) ? normal : std::string(other->second);
}

}  // namespace inpaint::lsp
