// Which special tokens a published model fills in the middle with, and in which order it reads.
//
// Names of tokens do not say it alone: Mellum has StarCoder's names and reads the suffix first. So it
// follows from a table: a family has its tokens, and where several families share them, a word of the
// model's name tells them apart. A model that the table does not know, and that has such tokens all the
// same, is asked prefix first, as most are; `inpaint models check` tries both orders.
//
// Source: the model cards and repositories of the families; the FIM entries of llama.cpp's vocabulary.
// Units:  token ids.      Thread rule: values; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/prompt/prompt_format.h"
#include "engine/prompt/special_tokens.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

struct FimFamily {
  std::string_view name;           // "qwen"
  std::string_view in_model_name;  // lower case; empty: any
  std::string_view prefix, suffix, middle;
  std::string_view file;  // in front of a path; empty: the family has none
  const PromptFormat* format = nullptr;
};

std::span<const FimFamily> fim_families();

/// The first family whose tokens `tokenizer` has and whose word stands in `model_name`; null where
/// there is none.
const FimFamily* find_fim_family(const Tokenizer& tokenizer, std::string_view model_name);

/// Tokens that a model's file names by their use. Those it does not name are kNoToken.
struct DeclaredTokens {
  TokenId end = kNoToken;
  TokenId prefix = kNoToken, suffix = kNoToken, middle = kNoToken;
};

/// How a published model is asked: what a prompt is made of, and which tokens end a text.
struct FimSetting {
  const PromptFormat* format = nullptr;
  SpecialTokens special;      // of a model that does not fill in the middle: `end` alone
  std::vector<TokenId> ends;  // special.end first
  FimOrder order = FimOrder::absent;
  std::string_view family;  // empty: not in the table
};

/// bad_tokenizer where nothing ends a text.
Result<FimSetting> fim_setting(const Tokenizer& tokenizer, std::string_view model_name,
                               const DeclaredTokens& declared);

}  // namespace inpaint::engine
