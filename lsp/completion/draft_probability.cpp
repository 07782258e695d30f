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
};
constexpr Weights kOneLine{-2.48, 0.57, 0.46, 0.63, -0.71};
constexpr Weights kBlock{-4.12, 0.76, 0.43, 0.62, -0.63};
constexpr Weights kSpan{-2.43, 0.54, 0.87, 0.27, -1.07};

const Weights& weights_of(grammar::HoleKind kind) {
  switch (kind) {
    case grammar::HoleKind::statement:
    case grammar::HoleKind::block: return kBlock;
    case grammar::HoleKind::span: return kSpan;
    default: return kOneLine;
  }
}

double log_of(std::size_t n) { return std::log2(1.0 + static_cast<double>(n)); }

}  // namespace

double draft_probability(const DraftEvidence& evidence, grammar::HoleKind kind) {
  const Weights& w = weights_of(kind);
  const double evidence_for = w.bias + w.before * log_of(evidence.matched_before) +
                              w.after * log_of(evidence.matched_after) +
                              w.seen * (evidence.seen > 0 ? log_of(evidence.seen - 1) : 0.0) +
                              w.bytes * log_of(evidence.bytes);
  return 1.0 / (1.0 + std::exp(-evidence_for));
}

}  // namespace inpaint::lsp
