// Reads a tokenizer's regular expression in the dialect it was written in.
//
// tokenizer.json patterns are written for Oniguruma; we match with PCRE2. Most of the language is
// shared; where the two differ silently (what counts as white space or as a word), the pattern is
// rewritten to mean the same, and what cannot be is refused rather than matched differently.
//
// Errors: bad_tokenizer naming the construct.
// Source: Oniguruma's doc/RE and pcre2pattern(3): \s is White_Space there, U+180E too here; \w has
//         marks and connectors there; \h is a hexadecimal digit there, a blank here; '^' and '$' are
//         line borders there (PCRE2_MULTILINE).
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace inpaint::engine {

/// The pattern for PCRE2 with UTF, UCP and MULTILINE. `name` stands for the file in errors.
Result<std::string> translate_split_pattern(std::string_view pattern, std::string_view name);

/// A text to be found literally, as a pattern.
std::string literal_split_pattern(std::string_view text);

}  // namespace inpaint::engine
