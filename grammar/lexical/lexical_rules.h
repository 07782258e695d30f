// What a text of a language looks like to somebody who only tells code from strings and comments.
//
// A tree knows more, but a tree of half a line is full of errors, and the denoiser asks for every
// candidate. These rules are coarse on purpose: where one cannot be sure, the scanner says so and
// nothing is rejected.
//
// Sources: the lexical chapters of ISO C 6.4, ISO C++ [lex], The Go Programming Language
// Specification, JLS 3, ECMA-262 12, The Python Language Reference 2, The Rust Reference ("Tokens").
#pragma once

#include <span>
#include <string_view>

#include "grammar/tree/language.h"

namespace inpaint::grammar {

struct StringRule {
  std::string_view open;
  std::string_view close;
  bool many_lines = false;    // else a line's end ends it, closed or not
  bool escapes = true;        // a backslash takes the next byte along
  bool interpolates = false;  // ${ } holds code
};

struct LexicalRules {
  std::span<const StringRule> strings;  // longer ones first where one begins like another
  std::string_view line_comment;
  std::string_view block_open;  // empty: there are none
  std::string_view block_close;
  bool blocks_nest = false;
  bool indents = false;             // blocks are made by indentation
  bool ends_with_semicolon = true;  // statements do, always
  bool regexes = false;             // /x/ may be one; so may markup hold a lone quote
  bool lifetimes = false;           // 'a, and r#"raw"#
  bool preprocessor = false;        // #if, R"x(raw)x" and 1'000
};

/// Without a language: brackets and double quotes, nothing else.
const LexicalRules& lexical_rules(const Language* language);

}  // namespace inpaint::grammar
