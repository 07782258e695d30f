// Whether a text may still be shown while it is being written.
//
// Most places end in silence, and most of them could be known to after a word: each token that the model is
// unsure of lowers what the ranking can come to (ranking.h), and none raises it again. So what cannot reach
// the threshold any more is given up there, and the next question is begun sooner.
//
// The bound holds as long as nothing of the text is written again, cut or trimmed to fit the place, and the drafts
// that were found fit it: what would be shown then, for all that, was just above the threshold where that was seen.
//
// Units: probabilities.   Thread rule: one request, the thread that its engine is asked on.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/completion/ranking.h"
#include "lsp/retrieval/draft.h"

namespace inpaint::lsp {

class Prospect {
 public:
  /// `scored`: so many of the drafts, the first ones, are candidates themselves. They outlive this.
  Prospect(const grammar::HolePlan& hole, const std::vector<Draft>& drafts, std::size_t scored,
           std::size_t most_tokens, Writer writer)
      : hole_(hole), drafts_(drafts), scored_(scored), most_tokens_(most_tokens), writer_(writer) {}

  /// The most that any candidate can come to.
  float most(const engine::Step& step) const;

 private:
  float of_written(const engine::Step& step) const;
  /// Of a text that begins so, whatever comes behind it.
  float of_longer(const Evidence& so_far) const;
  float of_draft(const engine::Fill& scored) const;
  /// The best probability of the other drafts; of all of them where `draft` is null.
  float best_beside(const Draft* draft) const;

  const grammar::HolePlan& hole_;
  const std::vector<Draft>& drafts_;
  std::size_t scored_;
  std::size_t most_tokens_;
  Writer writer_;
};

}  // namespace inpaint::lsp
