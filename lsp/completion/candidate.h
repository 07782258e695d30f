// What may stand in a hole, made from what the engine wrote and from what the file says elsewhere.
//
// A fill becomes a candidate by being written in the buffer's style, cut where it repeats what stands
// around it, and held against the promise. One that breaks it is not shown: the engine has tried to
// repair it before, so what is left to try is whether its last bytes are only the text behind the
// hole said twice.
//
// Thread rule: values; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "grammar/check/promise.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/completion/ranking.h"
#include "lsp/completion/silence_reason.h"
#include "lsp/completion/text_fit.h"
#include "lsp/retrieval/draft.h"

namespace inpaint::lsp {

struct Candidate {
  std::string text;
  /// What the text is made of; no token lies wholly behind it. Where the text had to be written in
  /// another style than the model's it is one token.
  std::vector<engine::SpanToken> tokens;
  float probability = 0.0F;  // calibrated: that this is what the user wants
  Evidence evidence;
  bool repaired = false;  // written again in part, or cut, to fit the text around
};

/// What became of a text that the model wrote for a hole.
enum class Written : std::uint8_t {
  straight,  // it fits as it was written
  repaired,  // a part was written again, or its tail taken off
  cut,       // only its beginning fits
  nothing,   // the model would write nothing here
  withheld,  // nothing of it fits, or it says what stands beside the hole again
};
std::string_view to_string(Written written);

/// `candidate` is what `fill` was made into; null where it cannot be shown.
Written written_as(const engine::Fill& fill, const Candidate* candidate);

/// The place that candidates are made for.
struct CandidatePlace {
  std::string_view before;  // the hole
  std::string_view behind;
  grammar::HolePlan hole;
  LineStyle style;
  const grammar::Language* language = nullptr;  // null: there is no grammar
  grammar::Promise* promise = nullptr;          // null: there is no grammar
};

/// Or why the fill cannot be shown.
std::expected<Candidate, SilenceReason> make_candidate(const engine::Fill& fill,
                                                       const CandidatePlace& place);

/// How sure the model is of a fill, as far as that says how likely it is to be wanted.
Evidence evidence_of(const engine::Fill& fill, const grammar::HolePlan& hole);

/// Both lists in one, best first, no two alike; texts that stand in both are of Origin::both.
/// `drafts` come with the match that found them.
struct DraftCandidate {
  Candidate candidate;
  Draft draft;
  /// Whether the model was asked about it. Else it is none of those that are ranked, but that it says another
  /// text, or the same, counts.
  bool scored = true;
};
std::vector<Candidate> rank(std::vector<Candidate> written, std::vector<DraftCandidate> drafts);

}  // namespace inpaint::lsp
