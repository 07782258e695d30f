#include "lsp/retrieval/draft_probability.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

template <class T>
struct ByKind {
  T line;
  T block;
  T span;

  const T& of(HoleKind kind) const {
    if (is_one_line(kind)) return line;
    return kind == HoleKind::span ? span : block;
  }
};

// Alone: of a copy 1, before, after, places, bytes; of an analogy 1, equal, after, places, renamed, whether
// a word changed, how many, bytes.
using LonelyCopy = std::array<double, 5>;
constexpr ByKind<LonelyCopy> kCopy{.line = {-2.48, 0.57, 0.46, 0.63, -0.71},
                                   .block = {-4.12, 0.76, 0.43, 0.62, -0.63},
                                   .span = {-2.43, 0.54, 0.87, 0.27, -1.07}};
using LonelyAnalogy = std::array<double, 8>;
constexpr ByKind<LonelyAnalogy> kAnalogy{
    .line = {-4.45, 0.93, 0.68, 0.34, -0.73, 0.41, 0.02, -0.69},
    .block = {-4.62, 1.17, 0.50, 0.48, -0.84, 1.31, -0.58, -0.74},
    .span = {-2.20, 0.68, 0.81, 0.37, -0.62, -0.16, -0.05, -0.99}};

// DraftObservations
constexpr ByKind<DraftObservations> kTogether{
    .line = {-2.28, 0.27, 0.33, 0.31,                             // copy
             -4.20, 0.60, 0.43, 0.20, -0.28, 1.75, 0.36, 0.99,    // analogy
             2.88, -0.71},                                        // either
    .block = {-2.33, 0.38, 0.19, 0.20,                            //
              -4.88, 0.74, 0.48, 0.51, -0.15, 1.69, -0.37, 1.51,  //
              2.07, -0.69},
    .span = {-2.52, 0.44, 0.86, 0.35,                           //
             -1.34, 0.40, 0.68, 0.25, -0.19, 0.40, 0.74, 0.61,  //
             -0.78, -1.11}};

double log_of(std::size_t n) { return std::log2(1.0 + static_cast<double>(n)); }

// What is seen of a match, whoever else there is.
std::array<double, 4> observations(const CopyMatch& match) {
  return {1.0, log_of(match.before), log_of(match.after), log_of(match.seen - 1)};
}
std::array<double, 7> observations(const AnalogyMatch& match) {
  return {1.0,
          log_of(match.equal),
          log_of(match.after),
          log_of(match.seen - 1),
          log_of(match.renamed),
          match.changed > 0 ? 1.0 : 0.0,
          log_of(match.changed)};
}

/// The last of the weights is that of the bytes.
template <std::size_t n>
double lonely_probability(const std::array<double, n>& seen, std::size_t bytes,
                          const std::array<double, n + 1>& weights) {
  const double log_odds = std::inner_product(seen.begin(), seen.end(), weights.begin(), 0.0) +
                          weights.back() * log_of(bytes);
  return 1.0 / (1.0 + std::exp(-log_odds));
}

}  // namespace

double copy_probability(const CopyMatch& match, std::size_t bytes, HoleKind kind) {
  return lonely_probability(observations(match), bytes, kCopy.of(kind));
}

double analogy_probability(const AnalogyMatch& match, std::size_t bytes, HoleKind kind) {
  return lonely_probability(observations(match), bytes, kAnalogy.of(kind));
}

DraftObservations draft_observations(const Draft& draft) {
  DraftObservations seen{};
  if (draft.copy) std::ranges::copy(observations(*draft.copy), seen.begin());
  if (draft.analogy) {
    const auto last = std::ranges::copy(observations(*draft.analogy), seen.begin() + 4).out;
    *last = draft.analogy->corrects ? 1.0 : 0.0;
  }
  seen[12] = draft.copy && draft.analogy ? 1.0 : 0.0;
  seen[13] = log_of(draft.text.size());
  return seen;
}

double log_odds(const Draft& draft, HoleKind kind) {
  const DraftObservations seen = draft_observations(draft);
  return std::inner_product(seen.begin(), seen.end(), kTogether.of(kind).begin(), 0.0);
}

void rate_together(std::vector<Draft>& drafts, HoleKind kind) {
  double all = 1.0;  // none of them
  for (Draft& draft : drafts) {
    draft.probability = std::exp(log_odds(draft, kind));
    all += draft.probability;
  }
  for (Draft& draft : drafts) draft.probability /= all;
  std::ranges::stable_sort(drafts, std::ranges::greater{}, &Draft::probability);
}

}  // namespace inpaint::lsp
