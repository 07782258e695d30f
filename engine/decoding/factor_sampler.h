// Sets the n surest masks for the largest n with (n + 1) (1 - c) <= factor, c being the certainty
// of the n-th, and always the most certain one. The more are set together the surer each must be:
// up to a factor of 1 what is best for each mask is then also best for all of them together.
//
// Source: Fast-dLLM, arXiv 2505.22618, section 3.3, "factor", and theorem 1.
#pragma once

#include "engine/decoding/confidence_step.h"

namespace inpaint::engine {

class FactorSampler final : public Sampler {
 public:
  FactorSampler(float factor, TokenId end) : factor_(factor), end_(end) {}
  std::vector<CellEdit> step(const Canvas& canvas, std::span<const Proposal> proposals) override {
    return set_surest(canvas, proposals, end_,
                      [&](std::size_t n) { return 1.0F - factor_ / static_cast<float>(n + 1); });
  }

 private:
  float factor_;
  TokenId end_;
};

}  // namespace inpaint::engine
