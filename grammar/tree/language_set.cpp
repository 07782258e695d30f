#include "grammar/tree/language_set.h"

#include <algorithm>

namespace inpaint::grammar {

const Language* LanguageSet::by_name(std::string_view name) const {
  if (const Language* linked = language_by_name(name)) return linked;
  const auto found =
      std::ranges::find(added_, name, [](const Language* language) { return language->name; });
  return found == added_.end() ? nullptr : *found;
}

const Language* LanguageSet::for_path(std::string_view path, std::string_view text) const {
  const auto found = std::ranges::find_if(
      added_, [&](const Language* language) { return has_extension_of(*language, path); });
  return found == added_.end() ? language_for_path(path, text) : *found;
}

}  // namespace inpaint::grammar
