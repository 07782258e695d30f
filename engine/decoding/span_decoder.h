// Writes one span behind a cached context, in one of three modes.
//
// Rows of a span: `<fill_j>` at position C, its tokens at C + 1, C + 2, … . What is finished is run
// through the model once as clean, causal rows, and only these keys and values stay in the cache;
// rows that are still due for that are `pending`, and go along with the next forward whatever it is
// for, so that committing costs no forward of its own.
//
//   autoregressive  one clean row a forward; its distribution is the next token.
//   diffusion       a block of masks, denoised by a sampler; when it is whole its tokens are pending.
//   lossless        each forward runs the last certain token, the draft behind it as clean rows, and
//                   a block of masks behind those. The clean rows tell how much of the draft greedy
//                   autoregression would have written, and its next token; the masks are the next
//                   draft. Every forward yields at least one token, and the text is that of the
//                   autoregressive mode (self-speculative decoding; arXiv 2510.04147, section 3).
//
// Thread rule: engine thread only.
#pragma once

#include <functional>
#include <random>
#include <vector>

#include "engine/context/special_tokens.h"
#include "engine/decoding/canvas.h"
#include "engine/decoding/model.h"
#include "engine/decoding/sampler.h"
#include "engine/engine.h"

namespace inpaint::engine {

/// Why a span is as long as it is.
enum class SpanEnd { ended, newline, length, deadline };

struct SpanTask {
  int hole = 0;
  int context_length = 0;  // C
  int max_tokens = 64;
  int block_width = 8;
  bool stops_at_newline = false;
  Mode mode = Mode::lossless;
  float threshold = 0.9F;
  float temperature = 0.0F;  // 0: the best candidate; else sampled among the candidates
  std::uint64_t seed = 0;    // of the sampling
};

struct SpanResult {
  Canvas canvas;  // without `<end>`
  SpanEnd end = SpanEnd::ended;
  float end_probability = 1.0F;  // of `<end>`, where it was written
  int forwards = 0;
};

/// Asked before each forward: a cancelled span is an Error, one that is out of time ends with the
/// best complete text so far.
struct SpanHooks {
  std::function<bool()> cancelled = [] { return false; };
  std::function<bool()> out_of_time = [] { return false; };
  std::function<void(const Canvas&, int forward)> after_forward = [](const Canvas&, int) {};
};

class SpanDecoder {
 public:
  SpanDecoder(Model& model, const Tokenizer& tokenizer, const SpecialTokens& special)
      : model_(model), tokenizer_(tokenizer), special_(special) {}

  /// `pending`: clean rows that the cache lacks; on return those that it lacks now, so that another
  /// span can be written behind this one. Errors: cancelled, and those of the model.
  Result<SpanResult> decode(const SpanTask& task, KeyValueCache& cache, std::vector<Row>& pending,
                            const SpanHooks& hooks) const;

 private:
  struct State;
  Result<void> autoregressive(State& state) const;
  Result<void> lossless(State& state) const;
  Result<void> diffusion(State& state) const;

  Model& model_;
  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
};

}  // namespace inpaint::engine
