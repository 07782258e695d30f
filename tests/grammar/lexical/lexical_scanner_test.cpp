#include "grammar/lexical/lexical_scanner.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "tests/grammar/source_samples.h"

namespace inpaint::grammar {
namespace {

using Mode = LexicalState::Mode;

LexicalState state_after(const Language* language, std::string_view text) {
  LexicalState state;
  LexicalScanner(lexical_rules(language), text).run(0, text.size(), state);
  return state;
}

struct ScanCase {
  const char* name;
  const char* language;
  const char* text;
  const char* open;  // brackets left open
  Mode mode = Mode::code;
  bool uncertain = false;
};

const ScanCase kCases[] = {
    {"brackets nest", "c", "f(a[b{c}", "(["},
    {"a bracket in a string is text", "c", "f(\"(\", '[', ", "("},
    {"an escaped quote does not end a string", "c", "f(\"\\\"(\" ", "("},
    {"a line's end ends a string", "c", "x = \"ab(\nf(", "(", Mode::code, true},
    {"unless it is escaped", "c", "x = \"ab(\\\n(\", f(", "("},
    {"a line comment", "cpp", "f( // [\n", "("},
    {"still in it", "cpp", "f( // [", "(", Mode::line_comment},
    {"a block comment", "java", "f( /* [ */ {", "({"},
    {"still in it, over lines", "java", "f( /* [\n{", "(", Mode::block_comment},
    {"block comments nest in Rust", "rust", "f( /* [ /* ( */ { */ [", "(["},
    {"and not in C", "c", "f( /* [ /* ( */ {", "({"},
    {"a raw string of C++", "cpp", "f(R\"x( ) \" ( )x\", [", "(["},
    {"still in it", "cpp", "f(R\"x( ) \" (\n", "(", Mode::string},
    {"a digit separator", "cpp", "f(1'000, 'a', [", "(["},
    {"a raw string of Rust", "rust", "f(r#\" ) \" ( \"#, [", "(["},
    {"a lifetime", "rust", "fn f<'a>(x: &'a str, c: '(', [", "(["},
    {"a triple quote", "python", "f(\"\"\" \" ( \n [ \"\"\", {", "({"},
    {"still in it", "python", "f(''' ' (\n", "(", Mode::string},
    {"a comment", "python", "f( # it's [\n[", "(["},
    {"a text block", "java", "f(\"\"\" \" ( \n [ \"\"\", {", "({"},
    {"a raw string of Go", "go", "f(`\\`, [`(`", "(["},
    {"a template", "javascript", "f(`( ${ g(1) } [`, {", "({"},
    {"in its code", "javascript", "f(`( ${ g(", "($("},
    {"a regular expression", "javascript", "f(/[(/]\\/{/.test(x), [", "(["},
    {"a division", "javascript", "f(a / b, (c) / [", "(["},
    {"markup", "tsx", "f(<p>{a}</p>, <b/>, [", "(["},
    {"a lone quote in markup", "tsx", "f(<p>don't {\n", "(", Mode::code, true},
    {"both branches of an #if", "c", "#if A\nif (a) {\n#else\nif (b) {\n#endif\n(", "{("},
    {"what fits nothing is passed over", "c", "f(a]", "(", Mode::code, true},
    {"what is left open inside is given up", "c", "{ f( }", "", Mode::code, true},
    {"until nothing is open", "c", "{ f( }\n", ""},
    {"no language", "none", "f(\"(\" ' [", "(["},
};

TEST(LexicalScanner, KnowsWhatIsOpen) {
  for (const ScanCase& c : kCases) {
    const LexicalState state = state_after(language_by_name(c.language), c.text);
    EXPECT_EQ(state.open, c.open) << c.name;
    EXPECT_EQ(int(state.mode), int(c.mode)) << c.name;
    EXPECT_EQ(state.uncertain, c.uncertain) << c.name;
  }
}

TEST(LexicalScanner, KnowsTheIndentationOfTheStatement) {
  const Language* python = language_by_name("python");
  EXPECT_EQ(state_after(python, "def f(\n        a,\n").indent, 0U);
  EXPECT_EQ(state_after(python, "def f(a):\n    x = g(1,\n            2)\n").indent, 4U);
  EXPECT_EQ(state_after(python, "if a:\n\tx\n# no\n\n").indent, 8U);
}

TEST(LexicalScanner, NothingIsLeftOpenAtTheEndOfAWholeFile) {
  for (const SourceSample& sample : source_samples()) {
    const LexicalState state = state_after(sample.language, sample.text);
    EXPECT_EQ(state.open, "") << sample.language->name;
    EXPECT_TRUE(state.in_code()) << sample.language->name;
    EXPECT_FALSE(state.uncertain) << sample.language->name;
  }
}

TEST(LexicalScanner, APieceAtATimeIsTheSameAsAllAtOnce) {
  for (const SourceSample& sample : source_samples()) {
    const LexicalScanner scanner(lexical_rules(sample.language), sample.text);
    LexicalState state;
    std::size_t at = 0;
    std::size_t n_closers_that_fit_nothing = 0;
    while (at < sample.text.size()) {
      const Lexeme lexeme = scanner.next(at, state);
      ASSERT_EQ(lexeme.begin, at);
      ASSERT_GT(lexeme.end, at);
      if (!lexeme.fits) ++n_closers_that_fit_nothing;
      at = lexeme.end;
    }
    EXPECT_EQ(n_closers_that_fit_nothing, 0U) << sample.language->name;
  }
}

}  // namespace
}  // namespace inpaint::grammar
