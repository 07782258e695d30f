// The span that is being written: a row of cells, masked at first, set by a sampler, committed when
// their block is finished.
//
// Blocks open from left to right; cells left of the open block never change again. The canvas knows
// nothing of models: decoders run forwards, samplers decide, the canvas keeps the state.
//
// Units: tokens; cell i of a span stands at position i.    Thread rule: engine thread only.
#pragma once

#include <span>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

struct Cell {
  enum class State : std::uint8_t { masked, set, committed };
  State state = State::masked;
  TokenId token = 0;
  float confidence = 0.0F;  // probability when it was set; of the causal pass where that wrote it
};

class Canvas {
 public:
  std::span<const Cell> cells() const { return cells_; }
  int size() const { return static_cast<int>(cells_.size()); }
  int open_begin() const { return open_begin_; }
  int open_size() const { return size() - open_begin_; }

  /// Appends `width` masks behind what is there, which is committed.
  void open_block(int width);

  /// index: of the whole span, inside of the open block.
  void set(int index, TokenId token, float confidence);
  void mask(int index);

  /// Appends a committed cell: what a causal pass writes.
  void append(TokenId token, float probability);

  /// Drops the cells from `size` on.
  void cut(int size);

  /// The leftmost mask, or size() if there is none.
  int first_mask() const;
  bool complete() const { return first_mask() == size(); }
  std::vector<int> masks() const;
  std::vector<TokenId> tokens() const;  // up to the first mask

 private:
  std::vector<Cell> cells_;
  int open_begin_ = 0;
};

}  // namespace inpaint::engine
