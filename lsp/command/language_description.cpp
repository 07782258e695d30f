#include "lsp/command/language_description.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "grammar/tree/language.h"
#include "lsp/command/value_text.h"
#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

using engine::Result;

/// A name by its letters and digits: lineComment, line_comment, "Line Comment".
std::string plain_name(std::string_view given) {
  std::string name = plain_word(given);
  std::erase_if(name, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return name;
}

std::optional<bool> switch_of(const Json& json) {
  return json.is_string() ? read_switch(json.get_ref<const std::string&>()) : flag(json);
}

/// ".lua", "lua" and "*.lua".
std::string extension_of(std::string_view given) {
  std::string extension = plain_word(given);
  if (extension.starts_with('*')) extension.erase(0, 1);
  if (!extension.empty() && !extension.starts_with('.')) extension.insert(0, ".");
  return extension == "." ? "" : extension;
}

/// What opens and what closes: a pair, one pair in a list, or an object with both.
std::optional<std::pair<std::string, std::string>> pair_of(const Json& json) {
  if (json.is_object()) {
    const auto open = text_of(member(json, "open"));
    const auto close = text_of(member(json, "close"));
    if (!open || !close) return std::nullopt;
    return std::pair(*open, *close);
  }
  if (json.is_array() && json.size() == 1) return pair_of(json[0]);
  if (!json.is_array() || json.size() != 2 || !json[0].is_string() || !json[1].is_string())
    return std::nullopt;
  return std::pair(json[0].get<std::string>(), json[1].get<std::string>());
}

std::optional<StringDescription> string_of(const Json& json) {
  StringDescription string;
  if (json.is_string()) {
    string.open = string.close = json.get<std::string>();
  } else if (const auto pair = pair_of(json)) {
    std::tie(string.open, string.close) = *pair;
    for (const auto& [key, value] : json.items()) {
      const std::string name = json.is_object() ? plain_name(key) : "";
      const auto on = name == "manylines" || name == "escapes" ? switch_of(value) : std::nullopt;
      if (on) (name == "escapes" ? string.escapes : string.many_lines) = *on;
    }
  }
  if (string.open.empty() || string.close.empty()) return std::nullopt;
  return string;
}

/// Reads one language, key by key.
class Reader {
 public:
  Reader(LanguageDescription& to, const std::string& what) : to_(to), what_(what) {}

  Result<void> read(const std::string& key, const Json& value) {
    if (value.is_null()) return {};
    const std::string name = plain_name(key);
    if (name == "grammar") return text(key, value, to_.grammar);
    if (name == "symbol") return text(key, value, to_.symbol);
    if (name == "extensions" || name == "extension") return extensions(value);
    if (name == "strings" || name == "string") return strings(value);
    if (name == "linecomment") return text(key, value, to_.line_comment);
    if (name == "blockcomment") return block_comment(value);
    if (name == "indents") return on_or_off(key, value, to_.indents);
    if (name == "semicolons") return on_or_off(key, value, to_.semicolons);
    if (!is_remark(key)) to_.unknown.push_back(key);
    return {};
  }
  std::unexpected<engine::Error> wrong(std::string why, std::string remedy) const {
    return engine::failure(engine::ErrorCode::bad_config, what_, std::move(why), std::move(remedy));
  }

 private:
  Result<void> text(const std::string& key, const Json& value, std::string& to) const {
    const auto elements = elements_of(value);
    if (elements.empty()) return {};
    const auto text = text_of(*elements.front());
    if (!text || elements.size() > 1)
      return wrong("`" + key + "` is no text", "write it in quotes");
    to = *text;
    return {};
  }
  Result<void> on_or_off(const std::string& key, const Json& value, bool& to) const {
    const auto on = switch_of(value);
    if (!on) return wrong("`" + key + "` is neither true nor false", "write one of these");
    to = *on;
    return {};
  }
  Result<void> extensions(const Json& value) const {
    for (const Json* element : elements_of(value)) {
      const std::string extension = extension_of(text_of(*element).value_or(""));
      if (extension.empty()) return wrong("an extension is no text", "write [\".lua\"]");
      to_.extensions.push_back(extension);
    }
    return {};
  }
  Result<void> strings(const Json& value) const {
    for (const Json* element : elements_of(value)) {
      const auto string = string_of(*element);
      if (!string)
        return wrong("a string rule has no text that opens it", "write \"'\" or an object");
      to_.strings.push_back(*string);
    }
    return {};
  }
  Result<void> block_comment(const Json& value) const {
    if (elements_of(value).empty()) return {};
    const auto pair = pair_of(value);
    if (!pair) return wrong("`blockComment` is no pair", "write [\"/*\", \"*/\"]");
    std::tie(to_.block_open, to_.block_close) = *pair;
    return {};
  }

  LanguageDescription& to_;
  const std::string& what_;
};

}  // namespace

bool is_remark(std::string_view key) {
  return key.starts_with('_') || key.starts_with('$') || key.starts_with('/') ||
         key.starts_with('#');
}

Result<LanguageDescription> describe_language(const std::string& name, const Json& given,
                                              const std::string& what) {
  LanguageDescription language;
  language.name = plain_word(name);
  Reader reader(language, what);
  if (!given.is_object()) return reader.wrong("it is no object", "write { \"grammar\": … }");
  if (grammar::language_by_name(language.name) != nullptr)
    return reader.wrong("this language is built in", "choose another name");
  for (const auto& [key, value] : given.items())
    if (Result<void> read = reader.read(key, value); !read) return std::unexpected(read.error());
  if (language.symbol.empty()) {
    language.symbol = "tree_sitter_" + name;  // the case is the library's: tree_sitter_COBOL
    std::ranges::replace(language.symbol, '-', '_');
  }
  if (language.grammar.empty()) return reader.wrong("no `grammar`", "name the shared library");
  if (language.extensions.empty())
    return reader.wrong("no `extensions`", "list them, as in [\".lua\"]");
  return language;
}

}  // namespace inpaint::lsp
