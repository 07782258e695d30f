#include "engine/decoding/forward_rows.h"

#include <cassert>

namespace inpaint::engine {

ForwardRows::ForwardRows(const ModelTraits& traits, int cached, CopyHintLookup* copies)
    : copies_(traits.copy_hints > 0 ? copies : nullptr) {
  assert(traits.copy_hints == 0 || copies != nullptr);
  if (copies != nullptr) copies->truncate(static_cast<std::size_t>(cached));
}

void ForwardRows::add_run(std::span<const Row> rows) {
  assert(n_causal_ == size());
  for (const Row& row : rows) {
    rows_.push_back(row);
    if (copies_ == nullptr) continue;
    copies_->append(row.token);
    hints_.push_back(copies_->hints());
  }
  n_causal_ = size();
}

void ForwardRows::add_block(std::span<const Row> rows) {
  assert(n_causal_ == size());
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  if (copies_ == nullptr || rows.empty()) return;
  const std::vector<CopyHints> hints = copies_->block_hints(rows.size());
  hints_.insert(hints_.end(), hints.begin(), hints.end());
}

void ForwardRows::ask(int row, TokenId wanted) {
  asked_.push_back(row);
  wanted_.push_back(wanted);
}

}  // namespace inpaint::engine
