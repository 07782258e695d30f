// The formats of prompts: in which order a model reads the parts of a file, and between which
// special tokens.
//
// Weights are worth nothing under another format than the one they were trained with. So a format
// has a name, a model's config.json may say it, and what a name means never changes: a layout that
// differs in one token is another row of the table, "inpaint-2". Training and use lay prompts out
// through the same row (prompt.h), so that the two cannot drift apart.
//
// A format is one file, NAME_format.cpp, and one row of the table in prompt_format.cpp.
//
// Units:  tokens.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

struct SpecialTokens;

/// What a prompt is made of, each part already cut to size.
struct PromptParts {
  struct Quote {
    std::vector<TokenId> path, text;
  };
  std::vector<TokenId> path;    // of the file
  std::vector<Quote> snippets;  // of other places
  std::vector<TokenId> before;  // the text up to the hole
  std::vector<TokenId> near;    // the text from the hole to the anchor (prompt.h)
  std::vector<TokenId> far;     // the text from the anchor on
};

struct PromptFormat {
  std::string_view name;           // with its version at the end: "inpaint-1"
  int max_path_tokens = 0;         // of the file and of each snippet
  int max_near_tokens = 0;         // how long `near` may grow before the anchor is set anew
  int n_markers = 0;               // special tokens that assemble() adds, those of snippets aside
  std::string_view path_end = {};  // text behind a path: "\n"
  /// Whether several holes are filled at once, each seeing a stand-in for the others; else one after
  /// another, and the others are shown as they are.
  bool has_stand_ins = false;
  /// Whether a hole may begin in the middle of a token: the model has learned to go on there. Else
  /// the text up to the hole ends with a whole one (decoding/span_opening.h).
  bool cuts_tokens = false;
  /// Whether `near` and `far` come last, behind the token `special.near`.
  bool suffix_last = false;
  std::vector<TokenId> (*assemble)(const SpecialTokens& special,
                                   const PromptParts& parts) = nullptr;
};

std::span<const PromptFormat* const> prompt_formats();

/// Null where no format has this name.
const PromptFormat* find_prompt_format(std::string_view name);

/// All names, for a message: "inpaint-1, fim-psm-1".
std::string prompt_format_names();

}  // namespace inpaint::engine
