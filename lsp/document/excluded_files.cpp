#include "lsp/document/excluded_files.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "grammar/base/ascii.h"
#include "grammar/tree/language.h"

namespace inpaint::lsp {
namespace {

using grammar::to_lower;

/// What editors call texts that are stores, whatever their names.
constexpr std::array<std::string_view, 7> kStoreLanguages = {
    "dotenv", "env", "netrc", "pem", "pgpass", "htpasswd", "ansible-vault"};

bool is_store_language(std::string_view language) {
  return std::ranges::any_of(kStoreLanguages, [&](std::string_view store) {
    return grammar::alike_in_lower_case(store, language);
  });
}

/// With one place to go back to, since only the last `*` ever needs to take more: O(length²) at
/// most.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && to_lower(pattern[p]) == to_lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && text[taken] != '/') {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool names(std::string_view pattern, std::string_view path) {
  const auto n_slashes = std::ranges::count(pattern, '/');
  std::size_t begin = path.size();
  for (std::ptrdiff_t i = 0; i <= n_slashes && begin != std::string_view::npos; ++i) {
    begin = begin == 0 ? std::string_view::npos : path.rfind('/', begin - 1);
  }
  return matches(pattern, begin == std::string_view::npos ? path : path.substr(begin + 1));
}

}  // namespace

engine::Secrecy secrecy_of(const Document& document) {
  const std::string& language = document.language_id();
  if (is_store_language(language)) return engine::Secrecy::secret;
  const bool is_code = grammar::language_by_name(language) != nullptr;
  return std::max(document.file().secrecy,
                  engine::secrecy_of_text(document.text(), document.file().path, is_code));
}

const std::string* pattern_of(std::string_view path, std::span<const std::string> patterns) {
  const auto found = std::ranges::find_if(patterns, [&](std::string_view pattern) {
    if (pattern.starts_with("~/")) pattern.remove_prefix(2);
    return names(pattern, path);
  });
  return found == patterns.end() ? nullptr : &*found;
}

}  // namespace inpaint::lsp
