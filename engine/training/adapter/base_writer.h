// What the frozen base writes behind prompts, greedily, and the keys and values that it had of it.
//
// The base runs as it does in use: the engine's own forward, on the file's own quantised weights, without
// gradients. Several prompts are written side by side in one cache, each in a segment of its own, because
// a forward of eight rows costs little more than one of a single row. What a prompt has in common with the one
// behind it is encoded once, in a segment that both see.
//
// Units:  tokens.   Thread rule: the training thread only.   Errors: those of the model.
#pragma once

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/decoding/row_cache.h"
#include "engine/model/pretrained/pretrained_model.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

struct WrittenSpan {
  int context = 0;              // rows in front of the opening
  std::vector<TokenId> tokens;  // the opening, and what was written behind it, the end included
  /// Of each layer, [kv_heads, rows, head_dim] f32: of the context, the opening, and all tokens but the last.
  std::vector<at::Tensor> keys, values;
};

class BaseWriter {
 public:
  static constexpr int kSideBySide = 8;

  /// `base` outlives the writer. `special`: of its prompts.
  BaseWriter(PretrainedModel& base, const SpecialTokens& special);

  /// At most kSideBySide prompts, and at most `most` tokens behind each.
  Result<std::vector<WrittenSpan>> write(std::span<const std::vector<TokenId>> prompts, int most);

 private:
  /// What the prompts before have encoded of the one that is next, and may be seen by it.
  struct Shared {
    int tokens = 0;
    int segment = 0;
  };
  /// tokens[from, to) go to `segment`, which is added to `seen`.
  Result<void> encode(std::span<const TokenId> tokens, int from, int to, int segment,
                      SegmentSet& seen);
  void take_keys(WrittenSpan& span, SegmentSet seen) const;

  PretrainedModel& base_;
  SpecialTokens special_;
  std::unique_ptr<RowCache> cache_;
};

}  // namespace inpaint::engine
