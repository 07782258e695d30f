#include "engine/prompt/special_tokens.h"

#include <string>

namespace inpaint::engine {

Result<SpecialTokens> SpecialTokens::find(const Tokenizer& tokenizer) {
  SpecialTokens tokens;
  std::string missing;
  const auto look_up = [&](TokenId& id, const std::string& name) {
    if (const auto found = tokenizer.special(name)) id = *found;
    else if (missing.empty()) missing = name;
  };
  look_up(tokens.pad, "<pad>");
  look_up(tokens.mask, "<mask>");
  look_up(tokens.end, "<end>");
  look_up(tokens.file, "<file>");
  look_up(tokens.snippet, "<snippet>");
  look_up(tokens.far, "<far>");
  look_up(tokens.prefix, "<prefix>");
  look_up(tokens.near, "<near>");
  for (int i = 0; i < kMaxHoles; ++i) {
    look_up(tokens.hole[i], "<hole_" + std::to_string(i) + ">");
    look_up(tokens.fill[i], "<fill_" + std::to_string(i) + ">");
  }
  if (!missing.empty())
    return failure(ErrorCode::bad_tokenizer, "tokenizer.json", "has no special token " + missing,
                   "use a model of the family inpaint_mini");
  return tokens;
}

}  // namespace inpaint::engine
