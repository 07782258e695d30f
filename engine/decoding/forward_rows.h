// The rows of one forward while they are put together: their copy hints, and what is asked of them.
//
// Those who write speak of runs of clean rows and of blocks of masks behind them; the model wants
// each row with its parent (model.h). This is where one becomes the other, and where each row's
// hints are looked up, on the way from what is cached to the row.
//
// Thread rule: one thread at a time.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/prompt/copy_hint_lookup.h"

namespace inpaint::engine {

class ForwardRows {
 public:
  /// Behind `cached` rows, all of which the rows see. `copies` has followed at least these, and
  /// goes along with what is added; it may be null where `traits` ask for no hints. It outlives the
  /// rows.
  ForwardRows(const ModelTraits& traits, int cached, CopyHintLookup* copies);

  int size() const { return static_cast<int>(rows_.size()); }
  const Row& row(int index) const { return rows_[static_cast<std::size_t>(index)]; }

  /// Adds clean rows, each the continuation of the one before it, the first one that of `parent`,
  /// which is a clean row or kNoParent. Parent and block of what is given do not count, the rest
  /// does. Returns the last row, or `parent` where there is none.
  int add_run(std::span<const Row> run, int parent);
  /// Adds a block of masks and set tokens that continues `parent`. Returns its first row.
  int add_block(std::span<const Row> block, int parent);

  /// Asks for the distribution of a row, and for the probability of `wanted` in it. In ascending
  /// order. `allowed`: the only tokens that may follow; empty: all.
  void ask(int row, TokenId wanted, std::vector<TokenId> allowed = {});

  /// Valid until something is added.
  ForwardInput input() const { return {rows_, asked_, wanted_, allowed_, hints_}; }

 private:
  void follow_to(int row);

  CopyHintLookup* copies_;
  bool tells_;  // hints
  std::size_t cached_;
  std::vector<int> path_;  // rows that the lookup has followed behind the cached ones
  std::vector<Row> rows_;
  std::vector<CopyHints> hints_;
  std::vector<int> asked_;
  std::vector<TokenId> wanted_;
  std::vector<std::vector<TokenId>> allowed_;  // none where no row asked so
  int n_blocks_ = 0;
};

}  // namespace inpaint::engine
