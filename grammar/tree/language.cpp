#include "grammar/tree/language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <tree_sitter/api.h>

#include "grammar/base/ascii.h"

// Each grammar's generated parser.c defines one of these; no header of theirs declares all.
extern "C" {
const TSLanguage* tree_sitter_c();
const TSLanguage* tree_sitter_cpp();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_javascript();
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_rust();
const TSLanguage* tree_sitter_tsx();
const TSLanguage* tree_sitter_typescript();
}

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kC = {".c"sv};
constexpr std::array kCpp = {".cpp"sv, ".cc"sv,  ".cxx"sv, ".hpp"sv, ".hh"sv,
                             ".hxx"sv, ".ipp"sv, ".inl"sv, ".cu"sv,  ".cuh"sv};
constexpr std::array kGo = {".go"sv};
constexpr std::array kJava = {".java"sv};
constexpr std::array kJavascript = {".js"sv, ".mjs"sv, ".cjs"sv, ".jsx"sv};
constexpr std::array kPython = {".py"sv, ".pyi"sv, ".pyw"sv};
constexpr std::array kRust = {".rs"sv};
constexpr std::array kTsx = {".tsx"sv};
constexpr std::array kTypescript = {".ts"sv, ".mts"sv, ".cts"sv};

constexpr std::array kLanguages = {
    Language{"c", kC, tree_sitter_c},
    Language{"cpp", kCpp, tree_sitter_cpp},
    Language{"go", kGo, tree_sitter_go},
    Language{"java", kJava, tree_sitter_java},
    Language{"javascript", kJavascript, tree_sitter_javascript},
    Language{"python", kPython, tree_sitter_python},
    Language{"rust", kRust, tree_sitter_rust},
    Language{"tsx", kTsx, tree_sitter_tsx},
    Language{"typescript", kTypescript, tree_sitter_typescript},
};

/// ".py" of "a/B.PY", in lower case; empty when the name has no extension or is a dot-file.
std::string extension_of(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return lowered(name.substr(dot));
}

/// Words that a header in C has no use for. A comment that holds one makes a C header C++, which
/// costs little: most of C parses as C++.
bool looks_like_cpp(std::string_view text) {
  constexpr std::array kSigns = {"namespace "sv, "template <"sv, "template<"sv, "class "sv,
                                 "std::"sv,      "public:"sv,    "private:"sv,  "constexpr "sv};
  return std::ranges::any_of(kSigns, [&](std::string_view sign) { return text.contains(sign); });
}

}  // namespace

std::span<const Language> languages() { return kLanguages; }

const Language* language_by_name(std::string_view name) {
  const auto* found = std::ranges::find(kLanguages, name, &Language::name);
  return found == kLanguages.end() ? nullptr : found;
}

const Language* language_for_path(std::string_view path, std::string_view text) {
  const std::string extension = extension_of(path);
  if (extension.empty()) return nullptr;
  if (extension == ".h") return language_by_name(looks_like_cpp(text) ? "cpp" : "c");
  for (const Language& language : kLanguages)
    if (std::ranges::find(language.extensions, extension) != language.extensions.end())
      return &language;
  return nullptr;
}

bool has_extension_of(const Language& language, std::string_view path) {
  const std::string extension = extension_of(path);
  return std::ranges::find(language.extensions, extension) != language.extensions.end();
}

std::uint32_t abi_version(const Language& language) {
  return ts_language_abi_version(language.tables());
}

std::pair<std::uint32_t, std::uint32_t> known_abi_versions() {
  return {TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION, TREE_SITTER_LANGUAGE_VERSION};
}

}  // namespace inpaint::grammar
