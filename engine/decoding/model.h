// What the decoders see of a model: rows of tokens go in, distributions over the next text come out.
//
// Free of torch, so that every rule of decoding can be tested against a scripted model. The real one
// is engine/model/transformer_model.h.
//
// A forward runs `n_causal` clean rows followed by the rows of one open block. A clean row sees the
// cache and the clean rows up to itself; a row of the block sees the cache, all clean rows and the
// whole block, both ways. A clean row predicts the token after it, a masked row the token at its
// own place. (Block diffusion: arXiv 2503.09573, section 3.)
//
// Shapes: rows [n_causal + n_block] -> distributions [asked].   Thread rule: engine thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/prompt/copy_hint.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Keys and values of the rows that a model has finished with, in row order.
class KeyValueCache {
 public:
  virtual ~KeyValueCache() = default;
  virtual int length() const = 0;
  /// Forgets all rows from `length` on; what is left stays exact. Never grows.
  virtual void truncate(int length) = 0;
};

struct Row {
  TokenId token = 0;
  int position = 0;
};

struct Candidate {
  TokenId token = 0;
  float probability = 0.0F;
};

/// The most probable tokens of one row, best first, over the tokens that may stand in a fill:
/// everything but the special tokens, and `<end>`.
struct Distribution {
  static constexpr int kCandidates = 16;
  std::array<Candidate, kCandidates> top{};
  float wanted = 0.0F;  // probability of the token that ForwardInput::wanted names for this row
  const Candidate& best() const { return top.front(); }
};

struct ForwardInput {
  std::span<const Row> rows;
  int n_causal = 0;            // leading rows; the others are one open block
  std::span<const int> asked;  // indices of rows whose distribution is wanted
  /// Tokens whose probability is wanted though they may be unlikely: one for each row asked, or none.
  std::span<const TokenId> wanted = {};
  /// Of each row, where ModelTraits::copy_hints says that the model is told of them; else none.
  std::span<const CopyHints> hints = {};
};

/// What those who prepare rows have to know of a model.
struct ModelTraits {
  int copy_hints = 0;  // that rows are told of, 0 to kCopyHints: engine/prompt/copy_hint.h
};

class Model {
 public:
  virtual ~Model() = default;
  virtual ModelTraits traits() const = 0;
  virtual std::unique_ptr<KeyValueCache> new_cache() = 0;
  /// Runs the rows on top of what `cache` holds, and appends theirs to it: the caller truncates to
  /// what it keeps. Errors: not_finite; bad_argument when the rows exceed the model's positions.
  virtual Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                                    const ForwardInput& input) = 0;
};

}  // namespace inpaint::engine
