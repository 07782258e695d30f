#include "lsp/command/user_languages.h"

#include <string_view>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file_handle.h"
#include "engine/base/folders.h"
#include "engine/base/named_path.h"
#include "grammar/lexical/lexical_rules.h"
#include "lsp/command/language_description.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using engine::Result;
using Json = nlohmann::json;

constexpr std::size_t kLargestFile = 1 << 20;

}  // namespace

/// A language and all that it points to; it does not move.
struct UserLanguages::Entry {
  explicit Entry(LanguageDescription described) : description(std::move(described)) {
    for (const std::string& extension : description.extensions) extensions.push_back(extension);
    for (const StringDescription& string : description.strings)
      strings.push_back({.open = string.open,
                         .close = string.close,
                         .many_lines = string.many_lines,
                         .escapes = string.escapes});
    rules.strings = strings;
    rules.line_comment = description.line_comment;
    rules.block_open = description.block_open;
    rules.block_close = description.block_close;
    rules.indents = description.indents;
    rules.ends_with_semicolon = description.semicolons;
    language.name = description.name;
    language.extensions = extensions;
    language.rules = &rules;
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  LanguageDescription description;
  std::vector<std::string_view> extensions;
  std::vector<grammar::StringRule> strings;
  grammar::LexicalRules rules;
  grammar::Language language;
};

namespace {

Result<void> wrong(std::string_view what, std::string why, std::string remedy) {
  return failure(ErrorCode::bad_config, std::string(what), std::move(why), std::move(remedy));
}

/// Opens the library and finds the parse tables in it.
Result<void> open_grammar(grammar::Language& language, const std::filesystem::path& path,
                          const std::string& symbol) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return failure(ErrorCode::file_not_found, path.string(), "there is no such file",
                   "build the grammar as a shared library");
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return wrong(path.string(), ::dlerror(), "build it as a shared library for this machine");
  void* const tables = ::dlsym(library, symbol.c_str());
  if (tables == nullptr) {
    ::dlclose(library);
    return wrong(path.string(), "it has no function " + symbol, "name the function as `symbol`");
  }
  language.tables = reinterpret_cast<const TSLanguage* (*)()>(tables);
  if (const auto [least, most] = grammar::known_abi_versions();
      language.tables() == nullptr || grammar::abi_version(language) < least ||
      grammar::abi_version(language) > most) {
    const std::string version =
        language.tables() == nullptr ? "none" : std::to_string(grammar::abi_version(language));
    ::dlclose(library);
    return wrong(
        path.string(), "its tables are of version " + version,
        fmt::format("generate it with a tree-sitter that writes versions {} to {}", least, most));
  }
  return {};
}

}  // namespace

UserLanguages::UserLanguages() = default;
UserLanguages::UserLanguages(UserLanguages&&) noexcept = default;
UserLanguages& UserLanguages::operator=(UserLanguages&&) noexcept = default;
UserLanguages::~UserLanguages() = default;

grammar::LanguageSet UserLanguages::set() const {
  std::vector<const grammar::Language*> added;
  added.reserve(entries_.size());
  for (const auto& entry : entries_) added.push_back(&entry->language);
  return grammar::LanguageSet(std::move(added));
}

UserLanguages UserLanguages::load(const std::filesystem::path& file) {
  UserLanguages languages;
  const auto tell = [&](engine::Error error) { languages.problems_.push_back(std::move(error)); };
  std::error_code failed;
  if (!file.is_absolute() || !std::filesystem::exists(file, failed)) return languages;
  // Not what is read as a source file may be: a pipe would keep the program from starting.
  const auto text = engine::read_whole_file(file, kLargestFile);
  if (!text) {
    tell(text.error());
    return languages;
  }
  const Json all =
      Json::parse(*text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/true);
  if (!all.is_object()) {
    tell({ErrorCode::bad_config, file.string(), "it is no JSON object",
          "write one with a language each"});
    return languages;
  }

  for (const auto& [given_name, given] : all.items()) {
    if (is_remark(given_name)) continue;
    const std::string what = file.filename().string() + ": " + given_name;
    const auto described = describe_language(given_name, given, what);
    if (!described) {
      tell(described.error());
      continue;
    }
    for (const std::string& key : described->unknown)
      tell(
          {ErrorCode::bad_config, what, "`" + key + "` is unknown",
           "known are grammar, symbol, extensions, strings, lineComment, blockComment, indents and "
           "semicolons"});
    auto entry = std::make_unique<Entry>(*described);
    const auto path =
        engine::absolute_path(described->grammar, {file.parent_path(), engine::home_folder()});
    const auto usable = path ? open_grammar(entry->language, *path, described->symbol)
                             : Result<void>(std::unexpected(path.error()));
    if (usable) languages.entries_.push_back(std::move(entry));
    else tell(usable.error());
  }
  return languages;
}

}  // namespace inpaint::lsp
