// What the decoders see of a model: rows of tokens go in, distributions over the next text come
// out.
//
// Free of torch, so that every rule of decoding can be tested against a scripted model. The real
// one is engine/model/transformer_model.h. Only values cross this interface.
//
// A row is a token at a position, and continues another row of the same forward, its parent, or
// what is cached. It sees
//   - of the cache, the segments that it names;
//   - of the forward, itself, its parent and all that its parent sees of it;
//   - where it is of a block, the whole block, both ways.
// So a run of text is a chain of parents, drafts that part are a tree, a block of masks hangs at
// the row that it continues, and a canvas that is read both ways is one block (block diffusion:
// arXiv 2503.09573, section 3; trees of drafts: SpecInfer, arXiv 2305.09781, section 4).
//
// A clean row predicts the token after it; a masked row that of its own place, or the one after it:
// ModelTraits. What a row is told depends on what it sees and on nothing else; but of a numbered
// mask also on what stands on its left as the same forward is asked for it.
//
// Shapes: rows [rows] -> distributions [asked].   Thread rule: engine thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/decoding/cached_rows.h"
#include "engine/prompt/copy_hint.h"
#include "engine/prompt/mask_target.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Keys and values of the rows that a model has finished with.
class KeyValueCache {
 public:
  virtual ~KeyValueCache() = default;
  virtual const CachedRows& rows() const = 0;
  int length() const { return rows().length(); }

  /// Forgets all rows from `length` on; what is left stays exact. Never grows.
  virtual void truncate(int length) = 0;
  /// Keeps these rows alone, in ascending order: rows[i] becomes row i. They stay exact.
  /// bad_argument where they are not ascending or not there.
  virtual Result<void> keep(std::span<const int> rows) = 0;

  /// A segment more, empty at first; rows say which one they go to. A new cache has one, number 0.
  /// bad_argument beyond kMaxSegments.
  virtual Result<int> add_segment() = 0;
  /// Moves the rows of a segment to other positions, `by` further back in the text: their keys are
  /// turned, which is exact but for rounding. What they saw when they ran stays as it was.
  /// bad_argument where a position would leave those of the model.
  virtual Result<void> turn(int segment, int by) = 0;
};

struct Candidate {
  TokenId token = 0;
  float probability = 0.0F;
};

/// The most probable tokens of one row, best first, over the tokens that may stand in a fill:
/// everything but the special tokens, and `<end>`; or over those that the row is allowed.
struct Distribution {
  static constexpr int kCandidates = 16;
  std::array<Candidate, kCandidates> top{};
  int n_top = kCandidates;  // fewer where fewer are allowed, at least one
  float wanted = 0.0F;      // probability of the token that ForwardInput::wanted names for this row
  const Candidate& best() const { return top.front(); }
  std::span<const Candidate> candidates() const {
    return std::span(top).first(static_cast<std::size_t>(n_top));
  }
};

/// Of each list one entry for each row asked, or none at all, unless it says otherwise.
struct ForwardInput {
  std::span<const Row> rows;
  std::span<const int> asked;  // indices of rows whose distribution is wanted, ascending
  /// Tokens whose probability is wanted though they may be unlikely.
  std::span<const TokenId> wanted = {};
  /// The only tokens that may follow: the distribution is over them alone. An empty set allows all.
  std::span<const std::vector<TokenId>> allowed = {};
  /// Of each row, where ModelTraits::copy_hints says that the model is told of them; else none.
  std::span<const CopyHints> hints = {};

  TokenId wanted_of(std::size_t i) const { return wanted.empty() ? 0 : wanted[i]; }
  std::span<const TokenId> allowed_of(std::size_t i) const {
    return allowed.empty() ? std::span<const TokenId>() : std::span<const TokenId>(allowed[i]);
  }
};

/// What those who prepare rows have to know of a model.
struct ModelTraits {
  int vocabulary = 0;
  int max_positions = 0;
  /// Masks of a model that was trained without any (weights/mask_adapter.h): mask d, the d-th behind
  /// the clean row that its block continues, is token vocabulary + d. 0: there are none such.
  int masks = 0;
  bool masks_decide = false;  // what numbered masks say may be written without asking again
  int copy_hints = 0;         // that rows are told of, 0 to kCopyHints: engine/prompt/copy_hint.h
  MaskTarget mask_target = MaskTarget::own_place;
};

class Model {
 public:
  virtual ~Model() = default;
  virtual ModelTraits traits() const = 0;
  virtual std::unique_ptr<KeyValueCache> new_cache() = 0;
  /// Runs the rows on top of what `cache` holds, and appends theirs to it in their order: the
  /// caller keeps or truncates to what it needs. Errors: not_finite; those of check_forward(),
  /// which leave the cache as it was.
  virtual Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                                    const ForwardInput& input) = 0;
};

/// bad_argument, naming the row, where rows make no sense on top of `cached`: a parent that is not
/// in front of its row, a block that is not of one piece, a segment that there is not, tokens and
/// positions that the model has not, lists that do not belong to the rows.
Result<void> check_forward(const ModelTraits& traits, const CachedRows& cached,
                           const ForwardInput& input);

}  // namespace inpaint::engine
