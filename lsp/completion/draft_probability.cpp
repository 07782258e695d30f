#include "lsp/completion/draft_probability.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

struct CopyWeights {
  double bias = 0.0;
  double before = 0.0;
  double after = 0.0;
  double seen = 0.0;
};
struct AnalogyWeights {
  double bias = 0.0;
  double equal = 0.0;
  double after = 0.0;
  double seen = 0.0;
  double renamed = 0.0;
  double changes = 0.0;  // whether any word of the draft is another
  double changed = 0.0;
  double corrects = 0.0;
};
struct Weights {
  CopyWeights copy;
  AnalogyWeights analogy;
  double both = 0.0;
  double bytes = 0.0;
};

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

struct LonelyCopy {
  CopyWeights copy;
  double bytes = 0.0;
};
constexpr ByKind<LonelyCopy> kCopy{.line = {{-2.48, 0.57, 0.46, 0.63}, -0.71},
                                   .block = {{-4.12, 0.76, 0.43, 0.62}, -0.63},
                                   .span = {{-2.43, 0.54, 0.87, 0.27}, -1.07}};

struct LonelyAnalogy {
  AnalogyWeights analogy;
  double bytes = 0.0;
};
constexpr ByKind<LonelyAnalogy> kAnalogy{
    .line = {{-4.45, 0.93, 0.68, 0.34, -0.73, 0.41, 0.02}, -0.69},
    .block = {{-4.62, 1.17, 0.50, 0.48, -0.84, 1.31, -0.58}, -0.74},
    .span = {{-2.20, 0.68, 0.81, 0.37, -0.62, -0.16, -0.05}, -0.99}};

constexpr ByKind<Weights> kTogether{.line = {{-2.28, 0.27, 0.33, 0.31},
                                             {-4.20, 0.60, 0.43, 0.20, -0.28, 1.75, 0.36, 0.99},
                                             2.88,
                                             -0.71},
                                    .block = {{-2.33, 0.38, 0.19, 0.20},
                                              {-4.88, 0.74, 0.48, 0.51, -0.15, 1.69, -0.37, 1.51},
                                              2.07,
                                              -0.69},
                                    .span = {{-2.52, 0.44, 0.86, 0.35},
                                             {-1.34, 0.40, 0.68, 0.25, -0.19, 0.40, 0.74, 0.61},
                                             -0.78,
                                             -1.11}};

double log_of(std::size_t n) { return std::log2(1.0 + static_cast<double>(n)); }

double sum(const CopyMatch& match, const CopyWeights& w) {
  return w.bias + w.before * log_of(match.before) + w.after * log_of(match.after) +
         w.seen * log_of(match.seen - 1);
}

double sum(const AnalogyMatch& match, const AnalogyWeights& w) {
  return w.bias + w.equal * log_of(match.equal) + w.after * log_of(match.after) +
         w.seen * log_of(match.seen - 1) + w.renamed * log_of(match.renamed) +
         (match.changed > 0 ? w.changes : 0.0) + w.changed * log_of(match.changed) +
         (match.corrects ? w.corrects : 0.0);
}

}  // namespace

double copy_probability(const CopyMatch& match, std::size_t bytes, HoleKind kind) {
  const LonelyCopy& w = kCopy.of(kind);
  return 1.0 / (1.0 + std::exp(-sum(match, w.copy) - w.bytes * log_of(bytes)));
}

double analogy_probability(const AnalogyMatch& match, std::size_t bytes, HoleKind kind) {
  const LonelyAnalogy& w = kAnalogy.of(kind);
  return 1.0 / (1.0 + std::exp(-sum(match, w.analogy) - w.bytes * log_of(bytes)));
}

double log_odds(const Draft& draft, HoleKind kind) {
  const Weights& w = kTogether.of(kind);
  double odds = w.bytes * log_of(draft.text.size());
  if (draft.copy) odds += sum(*draft.copy, w.copy);
  if (draft.analogy) odds += sum(*draft.analogy, w.analogy);
  if (draft.copy && draft.analogy) odds += w.both;
  return odds;
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
