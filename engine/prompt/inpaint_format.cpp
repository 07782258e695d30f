#include "engine/prompt/inpaint_format.h"

#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {
namespace {

void append(std::vector<TokenId>& to, const std::vector<TokenId>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<TokenId> assemble(const SpecialTokens& special, const PromptParts& parts) {
  std::vector<TokenId> tokens{special.file};
  append(tokens, parts.path);
  for (const PromptParts::Quote& quote : parts.snippets) {
    tokens.push_back(special.snippet);
    append(tokens, quote.path);
    append(tokens, quote.text);
  }
  tokens.push_back(special.far);
  append(tokens, parts.far);
  tokens.push_back(special.prefix);
  append(tokens, parts.before);
  tokens.push_back(special.near);
  append(tokens, parts.near);
  return tokens;
}

}  // namespace

constexpr PromptFormat kInpaint1 = {.name = "inpaint-1",
                                    .max_path_tokens = 24,
                                    .max_near_tokens = 48,
                                    .n_markers = 4,
                                    .has_stand_ins = true,
                                    .cuts_tokens = true,
                                    .assemble = &assemble};

}  // namespace inpaint::engine
