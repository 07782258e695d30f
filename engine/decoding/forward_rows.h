// The rows of one forward while they are put together: their copy hints, and what is asked of them.
//
// Those who write speak of runs of clean rows and of blocks of masks behind them; the model wants flat
// lists (model.h). This is where one becomes the other, and where each row's hints are looked up.
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
  /// Behind `cached` rows. `copies` has followed at least these and goes along with what is added; it
  /// may be null where `traits` ask for no hints. It outlives the rows.
  ForwardRows(const ModelTraits& traits, int cached, CopyHintLookup* copies);

  int size() const { return static_cast<int>(rows_.size()); }

  /// Clean rows, each the continuation of the one before it.
  void add_run(std::span<const Row> rows);
  /// An open block behind all clean rows. At most one, and nothing behind it.
  void add_block(std::span<const Row> rows);

  /// Asks for the distribution of a row, and for the probability of `wanted` in it. In order.
  void ask(int row, TokenId wanted);

  /// Valid until something is added.
  ForwardInput input() const { return {rows_, n_causal_, asked_, wanted_, hints_}; }

 private:
  CopyHintLookup* copies_;  // null where no hints are told
  std::vector<Row> rows_;
  std::vector<CopyHints> hints_;
  std::vector<int> asked_;
  std::vector<TokenId> wanted_;
  int n_causal_ = 0;
};

}  // namespace inpaint::engine
