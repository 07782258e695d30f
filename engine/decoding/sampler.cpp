#include "engine/decoding/sampler.h"

#include <algorithm>

namespace inpaint::engine {

std::vector<CellEdit> ThresholdSampler::step(const Canvas& canvas,
                                             std::span<const Proposal> proposals) {
  // The leftmost mask may always be set: were `<end>` its choice, nothing is missing to its left.
  const int leftmost = canvas.first_mask();
  const auto allowed = [&](const Proposal& p) {
    return p.choice.token != end_ || p.index == leftmost;
  };
  std::vector<CellEdit> edits;
  const Proposal* surest = nullptr;
  for (const Proposal& proposal : proposals) {
    if (!allowed(proposal)) continue;
    if (proposal.choice.probability >= threshold_)
      edits.push_back({proposal.index, proposal.choice.token, proposal.choice.probability});
    if (!surest || proposal.choice.probability > surest->choice.probability) surest = &proposal;
  }
  if (edits.empty() && surest)
    edits.push_back({surest->index, surest->choice.token, surest->choice.probability});

  // With these edits the masks left of an `<end>` may be gone; then it can be set in this step too.
  std::vector<int> open;
  for (const Proposal& proposal : proposals) {
    const bool set =
        std::ranges::any_of(edits, [&](const CellEdit& e) { return e.index == proposal.index; });
    if (!set) open.push_back(proposal.index);
  }
  if (!open.empty()) {
    const auto first = std::ranges::find(proposals, open.front(), &Proposal::index);
    if (first->choice.token == end_ && first->choice.probability >= threshold_)
      edits.push_back({first->index, first->choice.token, first->choice.probability});
  }
  return edits;
}

}  // namespace inpaint::engine
