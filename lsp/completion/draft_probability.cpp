#include "lsp/completion/draft_probability.h"

#include <cmath>

namespace inpaint::lsp {
namespace {

struct Weights {
  double bias = 0.0;
  double before = 0.0;
  double after = 0.0;
  double seen = 0.0;
  double bytes = 0.0;
  double renamed = 0.0;
  double changes = 0.0;  // whether any name of the draft is another
  double changed = 0.0;
};
struct WeightsByKind {
  Weights one_line;
  Weights block;
  Weights span;

  const Weights& of(grammar::HoleKind kind) const {
    if (is_one_line(kind)) return one_line;
    return kind == grammar::HoleKind::span ? span : block;
  }
};
constexpr WeightsByKind kCopy{.one_line = {-2.48, 0.57, 0.46, 0.63, -0.71},
                              .block = {-4.12, 0.76, 0.43, 0.62, -0.63},
                              .span = {-2.43, 0.54, 0.87, 0.27, -1.07}};
constexpr WeightsByKind kAnalogy{.one_line = {-4.45, 0.93, 0.68, 0.34, -0.69, -0.73, 0.41, 0.02},
                                 .block = {-4.62, 1.17, 0.50, 0.48, -0.74, -0.84, 1.31, -0.58},
                                 .span = {-2.20, 0.68, 0.81, 0.37, -0.99, -0.62, -0.16, -0.05}};

double log_of(std::size_t n) { return std::log2(1.0 + static_cast<double>(n)); }

double probability(const Draft& draft, const Weights& w) {
  const double evidence_for =
      w.bias + w.before * log_of(draft.matched_before - draft.renamed) +
      w.after * log_of(draft.matched_after) +
      w.seen * (draft.seen > 0 ? log_of(draft.seen - 1) : 0.0) +
      w.bytes * log_of(draft.text.size()) + w.renamed * log_of(draft.renamed) +
      w.changes * (draft.changed > 0 ? 1.0 : 0.0) + w.changed * log_of(draft.changed);
  return 1.0 / (1.0 + std::exp(-evidence_for));
}

}  // namespace

double copy_probability(const Draft& copy, grammar::HoleKind kind) {
  return probability(copy, kCopy.of(kind));
}

double analogy_probability(const Draft& analogy, grammar::HoleKind kind) {
  return probability(analogy, kAnalogy.of(kind));
}

}  // namespace inpaint::lsp
