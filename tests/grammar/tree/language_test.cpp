#include "grammar/tree/language.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tree_sitter/api.h>

#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {
namespace {

std::string name_for(std::string_view path, std::string_view text = {}) {
  const Language* language = language_for_path(path, text);
  return language == nullptr ? "none" : std::string(language->name);
}

struct PathCase {
  const char* name;
  const char* path;
  const char* text;
  const char* expect;
};

const PathCase kPaths[] = {
    {"c", "src/area.c", "", "c"},
    {"c++", "src/area.cpp", "", "cpp"},
    {"c++ of another habit", "area.cc", "", "cpp"},
    {"cuda is c++", "kernels/area.cu", "", "cpp"},
    {"a plain header is c", "area.h", "int area(int r);\n", "c"},
    {"a header with a namespace is c++", "area.h", "namespace a { int area(int r); }\n", "cpp"},
    {"a header with a template is c++", "area.h", "template <class T> T area(T r);\n", "cpp"},
    {"go", "area.go", "", "go"},
    {"java", "Area.java", "", "java"},
    {"javascript", "area.js", "", "javascript"},
    {"javascript modules", "area.mjs", "", "javascript"},
    {"jsx is in the javascript grammar", "area.jsx", "", "javascript"},
    {"python", "area.py", "", "python"},
    {"python stubs", "area.pyi", "", "python"},
    {"rust", "area.rs", "", "rust"},
    {"typescript", "area.ts", "", "typescript"},
    {"typescript declarations", "area.d.ts", "", "typescript"},
    {"tsx has tables of its own", "area.tsx", "", "tsx"},
    {"upper case", "AREA.PY", "", "python"},
    {"a dot in a folder is no extension", "a.py/README", "", "none"},
    {"backslashes part folders too", "C:\\a.py\\area.rs", "", "rust"},
    {"a dot-file has no extension", "a/.py", "", "none"},
    {"no grammar", "notes.txt", "", "none"},
    {"no extension", "Makefile", "", "none"},
    {"a dot at the end", "area.", "", "none"},
    {"nothing", "", "", "none"},
};

TEST(Language, IsFoundByPath) {
  for (const PathCase& c : kPaths) EXPECT_EQ(name_for(c.path, c.text), c.expect) << c.name;
}

TEST(Language, IsFoundByName) {
  for (const Language& language : languages())
    EXPECT_EQ(language_by_name(language.name), &language) << language.name;
  EXPECT_EQ(language_by_name("cobol"), nullptr);
  EXPECT_EQ(language_by_name(""), nullptr);
}

TEST(Language, TableIsSortedAndSharesNoExtension) {
  EXPECT_TRUE(std::ranges::is_sorted(languages(), {}, &Language::name));
  std::vector<std::string_view> all;
  for (const Language& language : languages())
    all.insert(all.end(), language.extensions.begin(), language.extensions.end());
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Language, TablesAreOfAVersionTheCoreReads) {
  for (const Language& language : languages()) {
    EXPECT_GE(abi_version(language), std::uint32_t{TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION})
        << language.name;
    EXPECT_LE(abi_version(language), std::uint32_t{TREE_SITTER_LANGUAGE_VERSION}) << language.name;
  }
}

struct SnippetCase {
  const char* language;
  const char* text;
};

// Each holds something that the tables of the others cannot read.
const SnippetCase kSnippets[] = {
    {"c", "int f(int class) { return sizeof class; }\n"},
    {"cpp", "template <class T> auto f(T&& t) { return [&]<class U>(U u) { return t + u; }; }\n"},
    {"go", "package a\n\nfunc f() (int, error) { x := <-c; return x, nil }\n"},
    {"java", "sealed interface S permits A {}\nrecord A(int x) implements S {}\n"},
    {"javascript", "const f = async (x) => <b>{await x?.y}</b>;\n"},
    {"python",
     "async def f(x):\n    match x:\n        case [a, *_] if (b := a):\n            return b\n"},
    {"rust", "fn f<'a>(x: &'a str) -> impl Fn() -> &'a str { move || x }\n"},
    {"tsx", "const f = (x: number): JSX.Element => <b>{x}</b>;\n"},
    {"typescript", "function f(x: unknown): x is string { return <any>x; }\n"},
};

TEST(Language, EachReadsItsOwnIdioms) {
  ASSERT_EQ(std::size(kSnippets), languages().size());
  for (const SnippetCase& c : kSnippets) {
    const Language* language = language_by_name(c.language);
    ASSERT_NE(language, nullptr) << c.language;
    const auto tree = SyntaxTree::parse(*language, c.text);
    ASSERT_TRUE(tree) << c.language;
    EXPECT_EQ(tree->errors(), ErrorCount{}) << c.language;
  }
}

}  // namespace
}  // namespace inpaint::grammar
