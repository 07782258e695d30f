#include "engine/prompt/fim_format.h"

#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {
namespace {

constexpr int kPathTokens = 32;
constexpr int kNearTokens = 48;

void append(std::vector<TokenId>& to, const std::vector<TokenId>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// <file> path text of each snippet, and <file> path of the file itself behind them.
std::vector<TokenId> files(const SpecialTokens& special, const PromptParts& parts,
                           bool names_the_file) {
  std::vector<TokenId> tokens;
  if (special.file == kNoToken) return tokens;
  for (const PromptParts::Quote& quote : parts.snippets) {
    tokens.push_back(special.file);
    append(tokens, quote.path);
    append(tokens, quote.text);
  }
  if (parts.path.empty() || (parts.snippets.empty() && !names_the_file)) return tokens;
  tokens.push_back(special.file);
  append(tokens, parts.path);
  return tokens;
}

std::vector<TokenId> in_order(std::vector<TokenId> tokens, const SpecialTokens& special,
                              const PromptParts& parts) {
  tokens.push_back(special.prefix);
  append(tokens, parts.before);
  tokens.push_back(special.near);
  append(tokens, parts.near);
  append(tokens, parts.far);
  return tokens;
}

std::vector<TokenId> prefix_first(const SpecialTokens& special, const PromptParts& parts) {
  return in_order(files(special, parts, false), special, parts);
}

std::vector<TokenId> path_first(const SpecialTokens& special, const PromptParts& parts) {
  return in_order(files(special, parts, true), special, parts);
}

std::vector<TokenId> suffix_first(const SpecialTokens& special, const PromptParts& parts) {
  std::vector<TokenId> tokens = files(special, parts, false);
  tokens.push_back(special.near);
  append(tokens, parts.near);
  append(tokens, parts.far);
  tokens.push_back(special.prefix);
  append(tokens, parts.before);
  return tokens;
}

std::vector<TokenId> prefix_alone(const SpecialTokens&, const PromptParts& parts) {
  return parts.before;
}

constexpr PromptFormat fim(std::string_view name, decltype(PromptFormat::assemble) assemble,
                           bool suffix_last) {
  return {.name = name,
          .max_path_tokens = kPathTokens,
          .max_near_tokens = kNearTokens,
          .n_markers = 3,
          .path_end = "\n",
          .suffix_last = suffix_last,
          .assemble = assemble};
}

}  // namespace

constexpr PromptFormat kFimPsm1 = fim("fim-psm-1", &prefix_first, true);
constexpr PromptFormat kFimSpm1 = fim("fim-spm-1", &suffix_first, false);
constexpr PromptFormat kFimFile1 = fim("fim-file-1", &path_first, true);
constexpr PromptFormat kFimCut1 = [] {
  PromptFormat format = fim("fim-cut-1", &prefix_first, true);
  format.cuts_tokens = true;
  return format;
}();
constexpr PromptFormat kPrefix1 = {
    .name = "prefix-1", .max_near_tokens = kNearTokens, .assemble = &prefix_alone};

}  // namespace inpaint::engine
