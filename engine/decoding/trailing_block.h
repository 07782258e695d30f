// Drafts of a model whose masks were trained with it: one block behind the whole draft.
//
// Where the text repeats itself the draft is that copy, and no masks are asked: they would say the
// same for more. Nor are they where they have not paid lately (mask_trust.h).
//
// Thread rule: engine thread only.
#pragma once

#include "engine/decoding/draft_policy.h"
#include "engine/decoding/mask_trust.h"

namespace inpaint::engine {

class TrailingBlock final : public DraftPolicy {
 public:
  DraftPlan plan(const DraftSources& sources) override;
  void learn(const DraftOutcome& outcome) override;

 private:
  MaskTrust trust_;
  bool drafted_by_masks_ = false;
  bool asked_ = false;
};

}  // namespace inpaint::engine
