#include "engine/prompt/fim_family.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/prompt/fim_format.h"
#include "grammar/base/ascii.h"

namespace inpaint::engine {
namespace {

// Qwen's tokens are CodeGemma's too, in the same order; those of StarCoder need a word of the name.
constexpr std::array kFamilies = {
    FimFamily{"mellum", "mellum", "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<filename>",
              &kFimSpm1},
    FimFamily{"qwen", "", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>",
              &kFimPsm1},
    FimFamily{"granite", "granite", "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<filename>",
              &kFimPsm1},
    FimFamily{"starcoder", "starcoder", "<fim_prefix>", "<fim_suffix>", "<fim_middle>",
              "<file_sep>", &kFimPsm1},
    FimFamily{"deepseek", "", "<\uff5cfim\u2581begin\uff5c>", "<\uff5cfim\u2581hole\uff5c>",
              "<\uff5cfim\u2581end\uff5c>", "", &kFimPsm1},
    FimFamily{"seed-coder", "", "<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>", "",
              &kFimSpm1},
};

// What models write where a text is over: each has some of these.
constexpr std::array<std::string_view, 20> kEnds = {"<|endoftext|>",
                                                    "<|im_end|>",
                                                    "<|end_of_text|>",
                                                    "<|eot_id|>",
                                                    "<\uff5cend\u2581of\u2581sentence\uff5c>",
                                                    "<|EOT|>",
                                                    "</s>",
                                                    "<|end|>",
                                                    "<[end\u2581of\u2581sentence]>",
                                                    "<[PAD\u2581TOKEN]>",
                                                    "<|fim_pad|>",
                                                    "<|file_sep|>",
                                                    "<|repo_name|>",
                                                    "<|cursor|>",
                                                    "<fim_pad>",
                                                    "<file_sep>",
                                                    "<repo_name>",
                                                    "<filename>",
                                                    "<reponame>",
                                                    "<|eom_id|>"};

bool contains_word(std::string_view name, std::string_view word) {
  return grammar::lowered(name).contains(word);
}

/// Of `family`; nothing where one of the three is missing.
std::optional<DeclaredTokens> tokens_of(const FimFamily& family, const Tokenizer& tokenizer) {
  const auto prefix = tokenizer.special(family.prefix);
  const auto suffix = tokenizer.special(family.suffix);
  const auto middle = tokenizer.special(family.middle);
  if (!prefix || !suffix || !middle) return std::nullopt;
  return DeclaredTokens{.prefix = *prefix, .suffix = *suffix, .middle = *middle};
}

/// Tokens of a model that the table does not know: those that its file declares, else those with names
/// of the table.
std::optional<DeclaredTokens> unknown_tokens(const Tokenizer& tokenizer,
                                             const DeclaredTokens& declared) {
  const bool has_all =
      declared.prefix != kNoToken && declared.suffix != kNoToken && declared.middle != kNoToken;
  if (has_all) return declared;
  for (const FimFamily& family : kFamilies)
    if (const auto tokens = tokens_of(family, tokenizer)) return tokens;
  return std::nullopt;
}

void put(FimSetting& setting, const DeclaredTokens& tokens) {
  setting.special.prefix = tokens.prefix;
  setting.special.near = tokens.suffix;
  setting.special.fill[0] = tokens.middle;
}

}  // namespace

std::span<const FimFamily> fim_families() { return kFamilies; }

const FimFamily* find_fim_family(const Tokenizer& tokenizer, std::string_view model_name) {
  const auto row = std::ranges::find_if(kFamilies, [&](const FimFamily& family) {
    return contains_word(model_name, family.in_model_name) && tokens_of(family, tokenizer);
  });
  return row == kFamilies.end() ? nullptr : &*row;
}

Result<FimSetting> fim_setting(const Tokenizer& tokenizer, std::string_view model_name,
                               const DeclaredTokens& declared) {
  FimSetting setting{.format = &kPrefix1};
  const auto add_end = [&](TokenId end) {
    if (std::ranges::count(setting.ends, end) == 0) setting.ends.push_back(end);
  };
  if (declared.end != kNoToken) add_end(declared.end);
  for (const std::string_view name : kEnds)
    if (const auto id = tokenizer.special(name)) add_end(*id);
  if (setting.ends.empty())
    return failure(ErrorCode::bad_tokenizer, std::string(model_name), "no token ends a text",
                   "use a model whose file names its end-of-text token");
  setting.special.end = setting.ends.front();
  if (const FimFamily* family = find_fim_family(tokenizer, model_name)) {
    setting.format = family->format;
    setting.order = FimOrder::known;
    setting.family = family->name;
    put(setting, *tokens_of(*family, tokenizer));
    if (const auto file = tokenizer.special(family->file)) setting.special.file = *file;
  } else if (const auto tokens = unknown_tokens(tokenizer, declared)) {
    // Without a token in front of a path: which one, and whether any, nobody says.
    setting.format = &kFimPsm1;
    setting.order = FimOrder::assumed;
    put(setting, *tokens);
  }
  return setting;
}

}  // namespace inpaint::engine
