#include "grammar/lexical/lexical_rules.h"

#include <algorithm>
#include <array>

namespace inpaint::grammar {
namespace {

constexpr StringRule kDouble{"\"", "\""};
constexpr StringRule kSingle{"'", "'"};

constexpr std::array kPlainStrings = {kDouble};
constexpr std::array kCStrings = {kDouble, kSingle};
constexpr std::array kRustStrings = {StringRule{"\"", "\"", true}, kSingle};
constexpr std::array kGoStrings = {kDouble, kSingle, StringRule{"`", "`", true, false}};
constexpr std::array kJavaStrings = {StringRule{R"(""")", R"(""")", true}, kDouble, kSingle};
constexpr std::array kScriptStrings = {kDouble, kSingle, StringRule{"`", "`", true, true, true}};
constexpr std::array kPythonStrings = {StringRule{R"(""")", R"(""")", true},
                                       StringRule{"'''", "'''", true}, kDouble, kSingle};

constexpr LexicalRules kPlain{.strings = kPlainStrings, .ends_with_semicolon = false};
constexpr LexicalRules kC{.strings = kCStrings,
                          .line_comment = "//",
                          .block_open = "/*",
                          .block_close = "*/",
                          .preprocessor = true};
constexpr LexicalRules kGo{.strings = kGoStrings,
                           .line_comment = "//",
                           .block_open = "/*",
                           .block_close = "*/",
                           .ends_with_semicolon = false};
constexpr LexicalRules kJava{
    .strings = kJavaStrings, .line_comment = "//", .block_open = "/*", .block_close = "*/"};
constexpr LexicalRules kScript{.strings = kScriptStrings,
                               .line_comment = "//",
                               .block_open = "/*",
                               .block_close = "*/",
                               .ends_with_semicolon = false,
                               .regexes = true};
constexpr LexicalRules kPython{
    .strings = kPythonStrings, .line_comment = "#", .indents = true, .ends_with_semicolon = false};
constexpr LexicalRules kRust{.strings = kRustStrings,
                             .line_comment = "//",
                             .block_open = "/*",
                             .block_close = "*/",
                             .blocks_nest = true,
                             .lifetimes = true};

struct Row {
  std::string_view language;
  const LexicalRules* rules;
};
constexpr std::array kRows = {
    Row{"c", &kC},
    Row{"cpp", &kC},
    Row{"go", &kGo},
    Row{"java", &kJava},
    Row{"javascript", &kScript},
    Row{"python", &kPython},
    Row{"rust", &kRust},
    Row{"tsx", &kScript},
    Row{"typescript", &kScript},
};

}  // namespace

const LexicalRules& lexical_rules(const Language* language) {
  if (language == nullptr) return kPlain;
  if (language->rules != nullptr) return *language->rules;
  const auto* row = std::ranges::find(kRows, language->name, &Row::language);
  return row == kRows.end() ? kPlain : *row->rules;
}

}  // namespace inpaint::grammar
