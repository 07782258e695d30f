#include "engine/decoding/draft_planner.h"

#include <algorithm>
#include <utility>

namespace inpaint::engine {
namespace {

constexpr double kKept = 0.98;  // what a forward counts after the next one
// Forwards until a whole block is asked though it may not pay.
constexpr int kPatience = 32, kMostPatience = 1024;
constexpr std::size_t kMostWatched = 8;
// Rows are bought only where they bring so much more than they cost: chances and costs are estimates,
// and a loss is felt where a gain as small is not.
constexpr double kCare = 1.25;
// Forwards of several rows until one of a single row is made, which all costs are told in.
constexpr int kUnitUnseen = 24;

constexpr int kUsualRows = 4;  // of a forward: what a row that is not planned yet will cost

}  // namespace

double DraftPlanner::price() const { return kCare * std::max(1.0, tokens_ / spent_); }

std::vector<double> DraftPlanner::worth_of_places(int most) const {
  const double of_row = price() * (cost_.of(kUsualRows) - cost_.of(1)) / (kUsualRows - 1);
  std::vector<double> worth;
  double chance = 1.0;
  for (std::size_t place = 0; std::cmp_less(place, most); ++place) {
    chance *= odds_.of_place(place);
    worth.push_back(std::max(0.0, chance - of_row));
  }
  return worth;
}

DraftPlanner::Way DraftPlanner::of_masks(std::span<const Foretold> proposals) const {
  Way way;
  bool open = true;
  for (const Foretold& p : proposals) {
    way.guesses.push_back({.token = p.token,
                           .probability = p.probability,
                           .chance = odds_.of_mask(p.probability),
                           .closes = p.closes});
    open = open && !p.is_end;
    if (open) ++way.draftable;
    if (p.closes) break;
  }
  return way;
}

DraftPlanner::Way DraftPlanner::of_copy(std::span<const TokenId> tokens) const {
  Way way;
  const double chance = odds_.of_copy(tokens.size());
  for (const TokenId token : tokens)
    way.guesses.push_back({.token = token, .copy = tokens.size(), .chance = chance});
  way.draftable = tokens.size();
  return way;
}

DraftPlanner::Valued DraftPlanner::valued(const Way& way, std::size_t length,
                                          const DraftSources& sources) const {
  Valued found;
  std::vector<double> reached;  // the chance that the forward comes to this end, and goes on
  double so_far = 1.0;          // that the draft is right up to it
  for (std::size_t end = 0; end <= length; ++end) {
    const Guess next = end < way.guesses.size() ? way.guesses[end] : Guess{};
    const double over = end < length || next.closes ? next.chance : 0.0;
    const bool closed = end > 0 && way.guesses[end - 1].closes;
    reached.push_back(closed ? 0.0 : so_far * (1.0 - over));
    if (end == length) break;
    found.plan.draft.push_back(next.token);
    so_far *= next.chance;
    found.surplus += so_far;
  }
  const int rows = sources.certain + static_cast<int>(length);
  found.surplus -= price() * (cost_.of(rows) - cost_.of(sources.certain));
  add_masks(found, reached, sources);
  return found;
}

void DraftPlanner::add_masks(Valued& found, const std::vector<double>& reached,
                             const DraftSources& sources) const {
  struct Mask {
    double gain;
    std::size_t end;
  };
  std::vector<Mask> masks;
  const std::vector<double> worth = worth_of_places(sources.masks);
  for (std::size_t end = 0; end < reached.size(); ++end) {
    const int most = std::min(sources.masks, sources.room - static_cast<int>(end) - 1);
    for (std::size_t place = 0; std::cmp_less(place, most); ++place)
      masks.push_back({reached[end] * worth[place], end});
  }
  // Of one block the nearer masks bring more, so any number of the best ones are whole blocks.
  std::ranges::sort(masks, [](const Mask& a, const Mask& b) {
    return a.gain != b.gain ? a.gain > b.gain : a.end < b.end;
  });
  found.plan.blocks.assign(reached.size(), 0);
  int rows = sources.certain + static_cast<int>(found.plan.draft.size());
  const double in_front = cost_.of(rows);
  double gained = 0.0, most_gained = 0.0;
  std::size_t taken = 0;
  for (std::size_t n = 0; n < masks.size() && masks[n].gain > 0.0; ++n) {
    gained += masks[n].gain;
    const double surplus = gained - price() * (cost_.of(++rows) - in_front);
    if (surplus <= most_gained) continue;
    most_gained = surplus;
    taken = n + 1;
  }
  for (const Mask& mask : std::span(masks).first(taken)) ++found.plan.blocks[mask.end];
  found.surplus += most_gained;
}

DraftPlan DraftPlanner::plan(const DraftSources& sources) {
  if (sources.first) watched_.clear();
  const auto room = static_cast<std::size_t>(sources.room);
  if (!sources.given.empty()) {
    const Way way = of_copy(sources.given.first(std::min(sources.given.size(), room)));
    return valued(way, way.draftable, sources).plan;
  }
  const std::vector<TokenId> copied = sources.copied();
  if (!copied.empty()) watched_.push_back({of_copy(copied).guesses, 0});
  Valued best;
  for (const Way& way : {of_masks(sources.by_masks), of_copy(copied)})
    for (std::size_t length = 0; length <= std::min(way.draftable, room); ++length)
      if (Valued one = valued(way, length, sources);
          best.plan.blocks.empty() || one.surplus > best.surplus)
        best = std::move(one);
  if (is_unit_due() && best.plan.draft.empty() && sources.certain == 1) best.plan.blocks = {0};
  else ask_again(best.plan, sources);
  return std::move(best.plan);
}

bool DraftPlanner::is_unit_due() const { return cost_.learns() && without_unit_ >= kUnitUnseen; }

void DraftPlanner::ask_again(DraftPlan& plan, const DraftSources& sources) {
  const int most = std::min(sources.masks, sources.room - static_cast<int>(plan.draft.size()) - 1);
  const bool whole = std::ranges::any_of(plan.blocks, [&](int n) { return n >= sources.masks; });
  const bool pays = std::ranges::any_of(plan.blocks, [](int n) { return n > 0; });
  if (pays) patience_ = kPatience;
  unasked_ = whole ? 0 : unasked_ + 1;
  if (unasked_ < patience_ || most <= 0) return;
  plan.blocks.back() = most;
  unasked_ = 0;
  if (!pays) patience_ = std::min(2 * patience_, kMostPatience);
}

void DraftPlanner::learn(const DraftOutcome& outcome) {
  cost_.learn(outcome.rows, outcome.seconds);
  without_unit_ = outcome.rows == 1 ? 0 : without_unit_ + 1;
  tokens_ = kKept * tokens_ + static_cast<double>(outcome.written.size());
  spent_ = kKept * spent_ + cost_.of(outcome.rows);
  judge(outcome.written);
  if (!outcome.proposed.empty()) watched_.push_back({of_masks(outcome.proposed).guesses, 0});
  if (watched_.size() > kMostWatched) watched_.erase(watched_.begin());
}

void DraftPlanner::judge(std::span<const TokenId> written) {
  std::erase_if(watched_, [&](Watched& watched) {
    for (const TokenId token : written) {
      if (watched.at == watched.guesses.size()) return true;
      const Guess& guess = watched.guesses[watched.at];
      const bool right = guess.token == token;
      if (guess.copy > 0) odds_.learn_copy(guess.copy, right);
      else odds_.learn_mask(watched.at, guess.probability, right);
      ++watched.at;
      if (!right) return true;
    }
    return false;
  });
}

}  // namespace inpaint::engine
