#include "lsp/completion/prospect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "lsp/completion/candidate.h"

namespace inpaint::lsp {
namespace {

/// No text that a model has chosen word by word is less likely than that in the mean: the least of 263 was -1.6.
constexpr float kLeastMean = -2.0F;
constexpr float kImpossible = -std::numeric_limits<float>::infinity();

/// Without white space, which a candidate may have in another style.
std::string letters_of(std::string_view text) {
  std::string letters(text);
  std::erase_if(letters, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return letters;
}

}  // namespace

float Prospect::most(const engine::Step& step) const {
  const bool knows_draft = scored_ == 1 && step.draft != nullptr;
  if (scored_ > 0 && !knows_draft) return 1.0F;
  return std::max(of_written(step), knows_draft ? of_draft(*step.draft) : 0.0F);
}

float Prospect::of_written(const engine::Step& step) const {
  Evidence so_far{.writer = writer_, .one_line = hole_.stops_at_newline};
  std::string text;
  for (const engine::SpanToken& token : step.tokens) {
    if (token.state == engine::SpanToken::State::mask) break;
    text += token.text;
    ++so_far.n_tokens;
    so_far.least_log_probability =
        std::min(so_far.least_log_probability,
                 token.confidence > 0 ? std::log(token.confidence) : kImpossible);
  }
  // It may become what no draft says, or what one of those says that begin with it.
  Evidence alone = so_far;
  alone.rival_draft_probability = best_beside(nullptr);
  alone.has_rival = step.draft != nullptr;
  if (alone.has_rival)
    alone.rival_log_probability = evidence_of(*step.draft, hole_).mean_log_probability;
  float most = of_longer(alone);
  text = letters_of(text);
  for (const Draft& draft : drafts_) {
    if (!letters_of(draft.text).starts_with(text)) continue;
    Evidence found = so_far;
    found.origin = Origin::both;
    found.draft_probability = static_cast<float>(draft.probability);
    found.rival_draft_probability = best_beside(&draft);
    most = std::max(most, of_longer(found));
  }
  return most;
}

float Prospect::of_longer(const Evidence& so_far) const {
  Evidence worst = so_far;
  worst.n_tokens = std::max(most_tokens_, so_far.n_tokens);
  worst.mean_log_probability = worst.least_log_probability = kImpossible;
  return most_probable(so_far, worst);
}

float Prospect::of_draft(const engine::Fill& scored) const {
  Evidence best = evidence_of(scored, hole_);
  best.origin = Origin::draft;
  best.writer = writer_;
  best.draft_probability = static_cast<float>(drafts_.front().probability);
  best.rival_draft_probability = best_beside(&drafts_.front());
  best.has_rival = true;
  Evidence worst = best;  // what is written beside it may become sure, or very unsure
  worst.rival_log_probability = kLeastMean;
  return most_probable(best, worst);
}

float Prospect::best_beside(const Draft* draft) const {
  double best = 0.0;
  for (const Draft& other : drafts_)
    if (&other != draft) best = std::max(best, other.probability);
  return static_cast<float>(best);
}

}  // namespace inpaint::lsp
