#include "lsp/command/user_languages.h"

#include <deque>
#include <optional>
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
  grammar::Language language;
  grammar::LexicalRules rules;
  std::deque<std::string> texts;
  std::vector<std::string_view> extensions;
  std::vector<grammar::StringRule> strings;

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
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

std::optional<std::string> text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
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

  const auto read = [&](const std::string& name, const Json& given, Entry& entry) -> Result<void> {
    const std::string what = file.filename().string() + ": " + name;
    if (!given.is_object()) return wrong(what, "it is no object", "write { \"grammar\": … }");
    if (grammar::language_by_name(name) != nullptr)
      return wrong(what, "this language is built in", "choose another name");
    const auto library = text_at(given, "grammar");
    const auto extensions = given.find("extensions");
    if (!library) return wrong(what, "no `grammar`", "name the shared library");
    if (extensions == given.end() || !extensions->is_array() || extensions->empty())
      return wrong(what, "no `extensions`", "list them, as in [\".lua\"]");
    for (const Json& extension : *extensions) {
      if (!extension.is_string() || !extension.get_ref<const std::string&>().starts_with('.'))
        return wrong(what, "an extension is no text that begins with a dot", "write [\".lua\"]");
      entry.extensions.push_back(entry.keep(extension.get<std::string>()));
    }
    for (const Json& string : given.value("strings", Json::array())) {
      grammar::StringRule rule;
      if (string.is_string()) {
        rule.open = rule.close = entry.keep(string.get<std::string>());
      } else if (string.is_object() && text_at(string, "open") && text_at(string, "close")) {
        rule = {.open = entry.keep(*text_at(string, "open")),
                .close = entry.keep(*text_at(string, "close")),
                .many_lines = string.value("manyLines", Json(false)) == true,
                .escapes = string.value("escapes", Json(true)) == true};
      }
      if (rule.open.empty() || rule.close.empty())
        return wrong(what, "a string rule has no text that opens it", "write \"'\" or an object");
      entry.strings.push_back(rule);
    }
    if (const Json block = given.value("blockComment", Json()); block.is_array()) {
      if (block.size() != 2 || !block[0].is_string() || !block[1].is_string())
        return wrong(what, "`blockComment` is no pair", "write [\"/*\", \"*/\"]");
      entry.rules.block_open = entry.keep(block[0].get<std::string>());
      entry.rules.block_close = entry.keep(block[1].get<std::string>());
    }
    entry.rules.strings = entry.strings;
    entry.rules.line_comment = entry.keep(text_at(given, "lineComment").value_or(""));
    entry.rules.indents = given.value("indents", Json(false)) == true;
    entry.rules.ends_with_semicolon = given.value("semicolons", Json(false)) == true;
    entry.language.name = entry.keep(name);
    entry.language.extensions = entry.extensions;
    entry.language.rules = &entry.rules;
    const auto path = engine::absolute_path(*library, {file.parent_path(), engine::home_folder()});
    if (!path) return std::unexpected(path.error());
    return open_grammar(entry.language, *path,
                        text_at(given, "symbol").value_or("tree_sitter_" + name));
  };
  for (const auto& [name, given] : all.items()) {
    auto entry = std::make_unique<Entry>();
    if (const auto usable = read(name, given, *entry); !usable) tell(usable.error());
    else languages.entries_.push_back(std::move(entry));
  }
  return languages;
}

}  // namespace inpaint::lsp
