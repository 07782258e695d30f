// Which masks of the open block become text after a forward.
//
// A sampler sees the canvas and what the model makes of each mask, and answers with edits; it never
// runs a forward. Each published rule is a file behind this one step, with a test against its
// definition; make_sampler() builds the one that the options name.
//
// Thread rule: stateless or per request; engine thread only.
#pragma once

#include <cstdint>
#include <memory>
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

/// A mask and what the model makes of it. `choice` is the candidate that would be set: the best
/// one, or a sampled one.
struct Proposal {
  int index = 0;
  Candidate choice;
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  /// At least one edit where there is a proposal, so that every forward makes progress.
  /// `proposals`: of all masks of the open block, in their order. `<end>` is set only where
  /// everything to its left in the block is set, because nothing behind it will be written.
  virtual std::vector<CellEdit> step(const Canvas& canvas, std::span<const Proposal> proposals) = 0;
};

enum class SamplerRule : std::uint8_t { threshold, factor };

struct SamplerOptions {
  SamplerRule rule = SamplerRule::threshold;
  float threshold = 0.9F;  // threshold_sampler.h
  float factor = 1.0F;     // factor_sampler.h
};

std::unique_ptr<Sampler> make_sampler(const SamplerOptions& options, TokenId end);

}  // namespace inpaint::engine
