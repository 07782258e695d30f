// Sets every mask whose choice is at least `threshold` certain, and always the most certain one.
//
// Source: Fast-dLLM, arXiv 2505.22618, section 3.3, "threshold".
#pragma once

#include "engine/decoding/confidence_step.h"

namespace inpaint::engine {

class ThresholdSampler final : public Sampler {
 public:
  ThresholdSampler(float threshold, TokenId end) : threshold_(threshold), end_(end) {}
  std::vector<CellEdit> step(const Canvas& canvas, std::span<const Proposal> proposals) override {
    return set_surest(canvas, proposals, end_, [&](std::size_t) { return threshold_; });
  }

 private:
  float threshold_;
  TokenId end_;
};

}  // namespace inpaint::engine
