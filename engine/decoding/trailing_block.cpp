#include "engine/decoding/trailing_block.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

// A draft is worth its row while the model rather believes in it.
constexpr float kDraftConfidence = 0.3F;

std::vector<TokenId> believed(std::span<const Foretold> proposals) {
  std::vector<TokenId> tokens;
  for (const Foretold& proposal : proposals) {
    if (proposal.probability < kDraftConfidence || proposal.is_end) break;
    tokens.push_back(proposal.token);
  }
  return tokens;
}

}  // namespace

DraftPlan TrailingBlock::plan(const DraftSources& sources) {
  DraftPlan plan{{sources.given.begin(), sources.given.end()}, {}};
  if (plan.draft.empty()) plan.draft = believed(sources.by_masks);
  drafted_by_masks_ = sources.given.empty() && !plan.draft.empty();
  const bool may_copy = plan.draft.empty();
  if (may_copy) plan.draft = sources.copied();
  const auto room = static_cast<std::size_t>(sources.room);
  if (plan.draft.size() > room) plan.draft.resize(room);
  const bool copies = may_copy && !plan.draft.empty();
  const bool asks = sources.masks > 0 && !copies && trust_.asks();
  plan.blocks.assign(plan.draft.size() + 1, 0);
  if (asks)
    plan.blocks.back() = std::min(sources.masks, static_cast<int>(room - plan.draft.size()));
  asked_ = plan.blocks.back() > 0;
  return plan;
}

void TrailingBlock::learn(const DraftOutcome& outcome) {
  if (drafted_by_masks_) trust_.learn(static_cast<int>(outcome.written.size()) - 1);
  if (asked_ && believed(outcome.proposed).empty()) trust_.learn(0);
}

}  // namespace inpaint::engine
