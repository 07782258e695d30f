// Writes one span behind a cached context, in one of three modes.
//
// Rows of a span: `<fill_j>` at position C, behind it the held tokens, if any (span_opening.h), then
// its own tokens at C + 1, C + 2, … . What is finished is run
// through the model once as clean, causal rows, and only these keys and values stay in the cache;
// rows that are still due for that are `pending`, and go along with the next forward whatever it is
// for, so that committing costs no forward of its own.
//
//   autoregressive  one clean row a forward; its distribution is the next token.
//   diffusion       a block of masks, denoised by a sampler; when it is whole its tokens are pending.
//                   Of numbered masks those that are sure enough are written, from the left, behind
//                   the token that the clean row in front of them gives.
//   lossless        each forward runs the last certain token, the draft behind it as clean rows, and
//                   blocks of masks behind these. The clean rows tell how much of the draft greedy
//                   autoregression would have written, and its next token; the masks behind that are
//                   the next draft, or where the text repeats itself a copy is. What is drafted and
//                   where masks stand is a policy's choice (draft_policy.h). Every forward yields at
//                   least one token, and the text is that of the autoregressive mode
//                   (self-speculative decoding; arXiv 2510.04147, section 3; masks behind each end of
//                   a draft: TiDAR, 2511.08923, and quadratic decoding, 2507.11851).
//
// A task may bring a draft of its own. Every mode takes as much of it as the causal rows agree
// with; diffusion by blocks also keeps, behind the first disagreement, the tokens that are likely where they
// stand.
//
// A span that is whole is reviewed (SpanRules): where it does not fit the text around, the least
// certain token of the region at fault is banned there and writing goes on from it; in
// diffusion by blocks what stands right of the region stays on the canvas. What cannot be repaired is cut back.
//
// Thread rule: engine thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/decoding/canvas.h"
#include "engine/decoding/draft_policy.h"
#include "engine/decoding/model.h"
#include "engine/decoding/sampler.h"
#include "engine/decoding/span_opening.h"
#include "engine/decoding/span_rules.h"
#include "engine/engine.h"
#include "engine/prompt/copy_hint_lookup.h"
#include "engine/prompt/special_tokens.h"
#include "grammar/check/constraint.h"

namespace inpaint::engine {

/// Why a span is as long as it is.
enum class SpanEnd { ended, edge, length, deadline, given_up };

/// Whether it ends where it was when nobody wanted more of it: what it may lack is not looked at then.
constexpr bool is_broken_off(SpanEnd end) {
  return end == SpanEnd::deadline || end == SpanEnd::given_up;
}

struct SpanTask {
  int hole = 0;
  int context_length = 0;  // C
  int max_tokens = 64;
  int block_width = 8;
  bool stops_at_newline = false;
  Mode mode = Mode::lossless;
  SamplerOptions sampler;    // of the diffusion
  float temperature = 0.0F;  // 0: the best candidate; else sampled among the candidates
  std::uint64_t seed = 0;    // of the sampling
  SpanOpening opening;
  std::vector<TokenId> draft;                 // behind the opening
  grammar::Constraint* constraint = nullptr;  // may be null
};

/// What the causal rows say of a text that somebody else wrote.
struct DraftScore {
  std::vector<float> probabilities;  // of each token, given those before it
  float end_probability = 0.0F;      // that the span is over behind it
};

struct SpanResult {
  Canvas canvas;  // without `<end>`, and without tokens that lie wholly behind the right edge
  SpanEnd end = SpanEnd::ended;
  float end_probability = 1.0F;  // of what closed the span: `<end>`, or a token behind the edge
  std::size_t text_size = 0;     // bytes of the tokens that belong to the span
  int forwards = 0;
  int remasked = 0;  // how often a part was written again
  bool cut = false;  // and what did not fit all the same was cut off
  /// Of the task's draft, which the first forward reads anyway; none where there was none, or no
  /// time.
  std::optional<DraftScore> draft;
};

struct SpanHooks {
  /// Asked before each forward: a cancelled span is an Error, one that is out of time ends with the
  /// best complete text so far.
  std::function<bool()> cancelled = [] { return false; };
  std::function<bool()> out_of_time = [] { return false; };
  /// With what there is after a forward; whether to go on.
  std::function<bool(const SpanResult&)> after_forward = [](const SpanResult&) { return true; };
};

class SpanState;
struct ForwardOutcome;

class SpanDecoder {
 public:
  /// `copies`: follows the rows of this request, the encoded context to begin with; null where
  /// nothing is copied, which a model that is told copy hints does not allow. All outlive the
  /// decoder.
  SpanDecoder(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special,
              DraftPolicy& policy, CopyHintLookup* copies = nullptr)
      : model_(model), tokenizer_(tokenizer), special_(special), policy_(policy), copies_(copies) {}

  /// `pending`: clean rows that the cache lacks; on return those that it lacks now, so that another
  /// span can be written behind this one. Errors: cancelled, and those of the model.
  Result<SpanResult> decode(const SpanTask& task, KeyValueCache& cache, std::vector<Row>& pending,
                            const SpanHooks& hooks) const;

  /// How a span begins whose hole begins in the middle of a token: `held` are the bytes of it that
  /// stand in front of the hole. Asks for tokens until they are all said again; `rules` say which
  /// bytes such a token may write beyond them. One forward for each token, mostly one; leaves cache
  /// and pending as they are.
  Result<SpanOpening> open(int hole, int context_length, std::string_view held,
                           KeyValueCache& cache, std::span<const Row> pending,
                           const SpanRules& rules) const;

  /// Of each draft, in one forward, in which they part behind the context; leaves cache and pending as
  /// they are. Where a token in front of the hole was cut, drafts say the `held` bytes of it again; how
  /// likely these are does not count.
  Result<std::vector<DraftScore>> score(int hole, int context_length,
                                        std::span<const std::vector<TokenId>> drafts,
                                        KeyValueCache& cache, std::span<const Row> pending,
                                        std::string_view held = {}) const;

 private:
  Result<void> write(SpanState& state) const;
  /// `given` is the first draft; without a policy the only one.
  Result<void> write_causally(SpanState& state, std::span<const TokenId> given, DraftPolicy* policy,
                              int max_forwards) const;
  DraftPlan plan(const SpanState& state, std::span<const TokenId> given,
                 std::span<const Foretold> by_masks, DraftPolicy* policy, bool first) const;
  /// What the masks behind `agreed` tokens of a draft say of the places behind `next`. Nothing where
  /// another token was foreseen there.
  std::vector<Foretold> proposals(const SpanState& state, const ForwardOutcome& outcome,
                                  const DraftPlan& plan, std::size_t agreed, TokenId next) const;
  std::vector<Row> masks(int n, int position) const;
  Result<void> write_by_masks(SpanState& state) const;
  Result<void> diffuse(SpanState& state) const;
  Result<void> denoise_block(SpanState& state) const;

  Model& model_;
  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
  DraftPolicy& policy_;
  CopyHintLookup* copies_;
};

}  // namespace inpaint::engine
