#include "lsp/evaluation/case_languages.h"

#include <algorithm>
#include <array>

#include "lsp/document/document_kind.h"
#include "lsp/protocol/language_id.h"

namespace inpaint::lsp {
namespace {

struct Ending {
  std::string_view suffix, language;
};
constexpr auto kEndings = std::to_array<Ending>({
    {".cs", "csharp"},
    {".php", "php"},
    {".rb", "ruby"},
    {".kt", "kotlin"},
    {".kts", "kotlin"},
    {".sh", "shellscript"},
    {".bash", "shellscript"},
});

}  // namespace

std::string case_language(std::string_view given) {
  if (const grammar::Language* language = language_named(given)) return std::string(language->name);
  if (given.starts_with('.')) given.remove_prefix(1);
  std::string name = normal_language_id(given);
  return std::ranges::count(kEndings, name, &Ending::language) > 0 ? name : "";
}

std::string_view language_without_grammar(std::string_view path) {
  for (const Ending& ending : kEndings)
    if (path.ends_with(ending.suffix)) return ending.language;
  return {};
}

std::string languages_without_grammar() {
  std::string names;
  for (const Ending& ending : kEndings)
    if (names.find(ending.language) == std::string::npos)
      names.append(names.empty() ? "" : ", ").append(ending.language);
  return names;
}

}  // namespace inpaint::lsp
