// Which masks of the open block become text after a forward.
//
// A sampler sees the canvas and one distribution for each mask, and answers with edits; it never
// runs a forward. The rules of the published samplers are plug-ins of this interface, each with a
// test against its rule.
//
// Thread rule: stateless or per request; engine thread only.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/canvas.h"
#include "engine/decoding/model.h"

namespace inpaint::engine {

struct CellEdit {
  int index = 0;  // of the span
  TokenId token = 0;
  float confidence = 0.0F;
  friend bool operator==(const CellEdit&, const CellEdit&) = default;
};

/// A mask and what the model makes of it. `choice` is the candidate that would be set: the best one,
/// or a sampled one.
struct Proposal {
  int index = 0;
  Candidate choice;
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  /// At least one edit where there is a proposal, so that every forward makes progress.
  virtual std::vector<CellEdit> step(const Canvas& canvas, std::span<const Proposal> proposals) = 0;
};

/// Sets every mask whose choice is at least `threshold` certain, and always the most certain one
/// (Fast-dLLM, arXiv 2505.22618, section 3.3). `<end>` is set only where everything to its left in
/// the block is set, because nothing behind it will be written.
class ThresholdSampler final : public Sampler {
 public:
  ThresholdSampler(float threshold, TokenId end) : threshold_(threshold), end_(end) {}
  std::vector<CellEdit> step(const Canvas& canvas, std::span<const Proposal> proposals) override;

 private:
  float threshold_;
  TokenId end_;
};

}  // namespace inpaint::engine
