#include "engine/model/pretrained/token_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/logit_sums.h"

namespace inpaint::engine {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

/// The best of `logits`, best first, of equals the lower token first; as many as there is room for
/// and as are not forbidden.
int best_tokens(std::span<const float> logits, std::span<Candidate> best) {
  std::size_t found = 0;
  float least = kNever;  // of those found, once they are enough
  for (std::size_t token = 0; token < logits.size(); ++token) {
    const float logit = logits[token];
    if (!(logit > least)) continue;
    std::size_t at = found < best.size() ? found++ : found - 1;
    for (; at > 0 && best[at - 1].probability < logit; --at) best[at] = best[at - 1];
    best[at] = {static_cast<TokenId>(token), logit};
    if (found == best.size()) least = best.back().probability;
  }
  return static_cast<int>(found);
}

}  // namespace

TokenChoice::TokenChoice(int vocabulary, std::span<const TokenId> never,
                         std::span<const TokenId> ends)
    : is_forbidden_(static_cast<std::size_t>(vocabulary)), ends_(ends.begin(), ends.end()) {
  for (const TokenId token : never) is_forbidden_[static_cast<std::size_t>(token)] = 1;
  for (const TokenId token : ends)
    is_forbidden_[static_cast<std::size_t>(token)] = token == ends.front() ? 0 : 1;
  for (TokenId token = 0; token < vocabulary; ++token)
    if (is_forbidden_[static_cast<std::size_t>(token)] != 0) forbidden_.push_back(token);
}

TokenChoice TokenChoice::among(std::span<const TokenId> tokens) const {
  std::vector<TokenId> never, ends;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto index = static_cast<TokenId>(i);
    if (std::ranges::count(ends_, tokens[i]) > 0) ends.push_back(index);
    else if (is_forbidden_[static_cast<std::size_t>(tokens[i])] != 0) never.push_back(index);
  }
  return {static_cast<int>(tokens.size()), never, ends};
}

Result<Distribution> TokenChoice::choose(std::span<float> logits, TokenId wanted,
                                         std::span<const TokenId> allowed) const {
  if (ends_.size() > 1) {
    std::vector<float> of_ends;
    of_ends.reserve(ends_.size());
    for (const TokenId end : ends_) of_ends.push_back(logits[static_cast<std::size_t>(end)]);
    logits[static_cast<std::size_t>(ends_.front())] = kernels::log_sum_exp(of_ends);
  }
  for (const TokenId token : forbidden_) logits[static_cast<std::size_t>(token)] = kNever;
  if (!allowed.empty()) {
    std::vector<std::pair<TokenId, float>> kept;
    for (const TokenId token : allowed)
      if (is_forbidden_[static_cast<std::size_t>(token)] == 0)
        kept.emplace_back(token, logits[static_cast<std::size_t>(token)]);
    if (kept.empty())
      return failure(ErrorCode::bad_argument, "forward",
                     "a row is allowed nothing that may be proposed",
                     "allow a token of text, or the end");
    std::ranges::fill(logits, kNever);
    for (const auto& [token, logit] : kept) logits[static_cast<std::size_t>(token)] = logit;
  }
  Distribution distribution;
  const float total = kernels::log_sum_exp(logits);
  distribution.n_top = best_tokens(logits, distribution.top);
  if (!std::isfinite(total) || distribution.n_top == 0)
    return failure(ErrorCode::not_finite, "model", "a logit is not a finite number",
                   "the weights are damaged; fetch the model again");
  for (Candidate& candidate :
       std::span(distribution.top).first(static_cast<std::size_t>(distribution.n_top)))
    candidate.probability = std::exp(candidate.probability - total);
  distribution.wanted = std::exp(logits[static_cast<std::size_t>(wanted)] - total);
  return distribution;
}

}  // namespace inpaint::engine
