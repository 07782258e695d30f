// Drafts of published weights with a mask adapter: how many tokens are drafted, by masks or by a
// copy, and how many masks stand behind each end, chosen before each forward.
//
// Autoregression writes one token for each forward of one row. Whoever writes `rate` tokens for
// that has to get rate * (cost(r + 1) - cost(r)) tokens out of a row more (forward_cost.h), else
// the row makes writing slower. So that, and a quarter more, is the price of rows, and each is asked
// that is expected to bring more (average-reward control of a semi-Markov process: Puterman, Markov Decision Processes,
// section 11.4):
//
//   a row of the draft   the chance that all of the draft up to it comes true
//   a mask behind an end the chance that the forward comes to that end, times what the mask is
//                        expected to bring in the next forward: the chance that its draft comes
//                        true up to it, less the price of the row that verifies it
//
// Of all lengths of the drafts that there are, the plan with the greatest surplus is taken. Where
// no row is worth its price the plan is that of autoregression, and masks are asked now and then,
// ever more seldom, to see whether that has changed.
//
// Sources: masks behind each end: TiDAR, arXiv 2511.08923; quadratic decoding: arXiv 2507.11851.
// Thread rule: engine thread only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/decoding/draft_odds.h"
#include "engine/decoding/draft_policy.h"
#include "engine/decoding/forward_cost.h"

namespace inpaint::engine {

class DraftPlanner final : public DraftPolicy {
 public:
  explicit DraftPlanner(ForwardCost cost = {}) : cost_(cost) {}

  DraftPlan plan(const DraftSources& sources) override;
  void learn(const DraftOutcome& outcome) override;

 private:
  /// A token that somebody foresaw.
  struct Guess {
    TokenId token = 0;
    float probability = 0.0F;
    std::size_t copy = 0;  // the length of the copy that it is of; 0: a mask says it
    double chance = 0.0;
    bool closes = false;
  };
  /// Foreseen tokens behind the certain ones; only the first `draftable` may be drafted.
  struct Way {
    std::vector<Guess> guesses;
    std::size_t draftable = 0;
  };
  /// Guesses that the text has not come to yet.
  struct Watched {
    std::vector<Guess> guesses;
    std::size_t at = 0;
  };
  struct Valued {
    double surplus = 0.0;  // tokens, less the price of the rows
    DraftPlan plan;
  };

  Way of_masks(std::span<const Foretold> proposals) const;
  Way of_copy(std::span<const TokenId> tokens) const;
  Valued valued(const Way& way, std::size_t length, const DraftSources& sources) const;
  /// Of a forward of one row, in tokens.
  double price() const;
  bool is_unit_due() const;
  /// What the mask in each place of a block is expected to bring, [most].
  std::vector<double> worth_of_places(int most) const;
  void add_masks(Valued& plan, const std::vector<double>& reached,
                 const DraftSources& sources) const;
  void judge(std::span<const TokenId> written);
  void ask_again(DraftPlan& plan, const DraftSources& sources);

  DraftOdds odds_;
  ForwardCost cost_;
  double tokens_ = 1.0, spent_ = 1.0;  // written lately, and what it cost
  std::vector<Watched> watched_;
  int without_unit_ = 0;  // forwards since one of a single row
  int unasked_ = 0;       // forwards since a whole block was asked
  int patience_ = 32;     // how many of them are borne
};

}  // namespace inpaint::engine
