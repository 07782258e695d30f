#include "engine/decoding/forward_rows.h"

#include <algorithm>
#include <cassert>

namespace inpaint::engine {

ForwardRows::ForwardRows(const ModelTraits& traits, int cached, CopyHintLookup* copies)
    : copies_(copies), tells_(traits.copy_hints > 0), cached_(static_cast<std::size_t>(cached)) {
  assert(!tells_ || copies != nullptr);
  if (copies_ != nullptr) copies_->truncate(cached_);
}

int ForwardRows::add_run(std::span<const Row> run, int parent) {
  if (copies_ != nullptr && !run.empty()) follow_to(parent);
  for (const Row& given : run) {
    Row row = given;
    row.parent = parent;
    row.block = kNoBlock;
    parent = size();
    rows_.push_back(row);
    if (copies_ == nullptr) continue;
    path_.push_back(parent);
    copies_->append(row.token);
    if (tells_) hints_.push_back(copies_->hints());
  }
  return parent;
}

int ForwardRows::add_block(std::span<const Row> block, int parent) {
  const int first = size();
  if (block.empty()) return first;
  for (const Row& given : block) {
    Row row = given;
    row.parent = parent;
    row.block = n_blocks_;
    rows_.push_back(row);
  }
  ++n_blocks_;
  if (!tells_) return first;
  follow_to(parent);
  const std::vector<CopyHints> hints = copies_->block_hints(block.size());
  hints_.insert(hints_.end(), hints.begin(), hints.end());
  return first;
}

void ForwardRows::ask(int row, TokenId wanted, std::vector<TokenId> allowed) {
  const bool restricts = !allowed.empty() || !allowed_.empty();
  asked_.push_back(row);
  wanted_.push_back(wanted);
  if (!restricts) return;
  allowed_.resize(asked_.size());
  allowed_.back() = std::move(allowed);
}

/// Takes the lookup back to where the way to `target` parts from the one that it has followed, and
/// on along that way.
void ForwardRows::follow_to(int target) {
  if (!path_.empty() ? path_.back() == target : target == kNoParent) return;
  std::vector<int> way;
  for (int at = target; at != kNoParent; at = row(at).parent) {
    assert(row(at).block == kNoBlock);  // a block says nothing certain that could go on
    way.push_back(at);
  }
  std::ranges::reverse(way);
  const auto parts = std::ranges::mismatch(way, path_).in1;
  const auto together = static_cast<std::size_t>(parts - way.begin());
  copies_->truncate(cached_ + together);
  for (auto at = parts; at != way.end(); ++at) copies_->append(row(*at).token);
  path_ = std::move(way);
}

}  // namespace inpaint::engine
