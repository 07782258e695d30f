// How long drafts are, and where masks stand, by what is likely and what a row costs.
#include "engine/decoding/draft_planner.h"

#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using testing::Each;
using testing::IsEmpty;

constexpr TokenId kEnd = 99;

/// Proposals 1, 2, 3 ... with these probabilities; -1 stands for a certain end, -2 for a certain
/// token that closes the span.
std::vector<Foretold> proposals(const std::vector<float>& probabilities) {
  std::vector<Foretold> all;
  for (const float p : probabilities) {
    Foretold one{static_cast<TokenId>(all.size() + 1), p};
    if (p < 0.0F) one = {p == -1.0F ? kEnd : one.token, 1.0F, p == -1.0F, true};
    all.push_back(one);
  }
  return all;
}

int n_masks(const DraftPlan& plan) {
  return std::accumulate(plan.blocks.begin(), plan.blocks.end(), 0);
}

TEST(DraftPlanner, DraftsAndAsksWhatIsWorthItsRow) {
  struct Case {
    const char* what;
    double row;  // its cost
    std::vector<float> by_masks;
    std::size_t copied;
    int masks, room;
    std::vector<int> blocks;  // behind each end
  };
  const Case cases[] = {
      {"nothing is known: masks behind what is certain", 0.05, {}, 0, 4, 50, {3}},
      {"rows that cost a fifth: fewer of them", 0.2, {}, 0, 4, 50, {1}},
      {"rows that cost a forward: autoregression", 1.0, {0.99F, 0.99F}, 0, 4, 50, {0}},
      {"a sure draft: masks behind its last end alone", 0.05, {0.99F, 0.99F}, 0, 4, 50, {0, 0, 3}},
      {"a draft is cut where it is unlikely", 0.1, {0.99F, 0.05F, 0.99F}, 0, 2, 50, {0, 2}},
      {"an even chance: masks behind both ends", 0.05, {0.55F}, 0, 2, 50, {2, 2}},
      {"no masks behind the end of a span", 0.05, {0.99F, -1.0F}, 0, 4, 50, {0, 0}},
      {"none behind what closes it, which is drafted", 0.05, {0.99F, -2.0F}, 0, 4, 50, {0, 0, 0}},
      {"no room for a draft", 0.05, {0.99F, 0.99F}, 0, 4, 1, {0, 0}},
      {"masks no further than there is room", 0.01, {}, 0, 4, 3, {2}},
      {"a copy takes the rows of an unlikely draft", 0.05, {0.05F}, 6, 4, 50, {}},
      {"no masks in the model: copies alone", 0.05, {}, 6, 0, 50, {0, 0, 0, 0, 0, 0, 0}},
  };
  for (const Case& c : cases) {
    DraftPlanner planner(ForwardCost::fixed(c.row));
    const std::vector<Foretold> known = proposals(c.by_masks);
    std::vector<TokenId> copied(c.copied, 7);
    const DraftPlan plan = planner.plan({.by_masks = known,
                                         .copied = [&] { return copied; },
                                         .masks = c.masks,
                                         .room = c.room,
                                         .first = true});
    ASSERT_EQ(plan.blocks.size(), plan.draft.size() + 1) << c.what;
    if (c.blocks.empty()) {
      EXPECT_GT(plan.draft.size(), 2U) << c.what;
      EXPECT_THAT(plan.draft, Each(7)) << c.what;
    } else {
      EXPECT_THAT(plan.blocks, testing::ElementsAreArray(c.blocks)) << c.what;
    }
  }
}

TEST(DraftPlanner, AGivenDraftIsTakenAsItIs) {
  DraftPlanner planner(ForwardCost::fixed(0.5));
  const std::vector<TokenId> given(10, 3);
  const DraftPlan plan = planner.plan({.given = given, .masks = 4, .room = 50, .first = true});
  EXPECT_EQ(plan.draft, given);
  EXPECT_EQ(plan.blocks.size(), 11U);
  EXPECT_EQ(planner.plan({.given = given, .masks = 4, .room = 6, .first = true}).draft.size(), 6U);
}

/// Forwards of a text on which masks are right as often as `right` says of each distance.
struct Trial {
  double tokens_per_cost = 0.0;
  double masks_per_forward = 0.0;  // in the second half
};
Trial write(DraftPlanner& planner, double row, int period, int n_forwards) {
  // Mask d is right where the place behind it is not a multiple of `period`; it is sure in any
  // case.
  int at = 0, tokens = 0, masks = 0;
  double cost = 0.0;
  std::vector<Foretold> known;
  const auto truth = [](int place) { return static_cast<TokenId>(place % 50 + 1); };
  const auto foretold = [&](int place) {
    return Foretold{place % period == 0 ? TokenId{60} : truth(place), 0.9F};
  };
  for (int forward = 0; forward < n_forwards; ++forward) {
    const DraftPlan plan =
        planner.plan({.by_masks = known, .masks = 4, .room = 1000, .first = forward == 0});
    std::size_t agreed = 0;
    while (agreed < plan.draft.size() && plan.draft[agreed] == truth(at + static_cast<int>(agreed)))
      ++agreed;
    std::vector<TokenId> written;
    for (std::size_t i = 0; i <= agreed; ++i) written.push_back(truth(at + static_cast<int>(i)));
    at += static_cast<int>(written.size());
    known.clear();
    for (int d = 0; d < plan.blocks[agreed]; ++d) known.push_back(foretold(at + d));
    const int rows = 1 + static_cast<int>(plan.draft.size()) + n_masks(plan);
    planner.learn({written, known, rows, 0.0});
    tokens += static_cast<int>(written.size());
    cost += 1.0 + row * (rows - 1);
    if (forward >= n_forwards / 2) masks += n_masks(plan);
  }
  return {tokens / cost, 2.0 * masks / n_forwards};
}

TEST(DraftPlanner, IsNeverMuchSlowerThanAutoregression) {
  struct Case {
    const char* what;
    double row;
    int period;
    double least;  // tokens for a forward of one row
  };
  for (const Case& c : {Case{"masks that are always wrong", 0.05, 1, 0.98},
                        {"always wrong, and dear", 0.3, 1, 0.98},
                        {"right every other time, dear", 0.5, 2, 0.97},
                        {"right every other time", 0.05, 2, 1.25},
                        {"nearly always right", 0.05, 20, 2.5},
                        {"nearly always right, dear", 0.4, 20, 0.97}}) {
    DraftPlanner planner(ForwardCost::fixed(c.row));
    const Trial trial = write(planner, c.row, c.period, 2000);
    EXPECT_GT(trial.tokens_per_cost, c.least) << c.what;
    if (c.period == 1) {
      EXPECT_LT(trial.masks_per_forward, 0.05) << c.what;
    }
  }
}

TEST(DraftPlanner, MasksThatBecomeRightAreAskedAgain) {
  DraftPlanner planner(ForwardCost::fixed(0.05));
  write(planner, 0.05, 1, 300);
  EXPECT_GT(write(planner, 0.05, 20, 3000).masks_per_forward, 1.0);
}

TEST(DraftPlanner, ACopyThatMisleadsLosesItsRows) {
  DraftPlanner planner(ForwardCost::fixed(0.1));
  const std::vector<TokenId> copied(4, 7), written{1};
  const DraftSources sources{.copied = [&] { return copied; }, .room = 1000};
  EXPECT_THAT(planner.plan(sources).draft, testing::Not(IsEmpty()));
  for (int i = 0; i < 30; ++i) {
    const DraftPlan plan = planner.plan(sources);
    planner.learn({written, {}, 1 + static_cast<int>(plan.draft.size()), 0.0});
  }
  EXPECT_THAT(planner.plan(sources).draft, IsEmpty());
}

}  // namespace
}  // namespace inpaint::engine
