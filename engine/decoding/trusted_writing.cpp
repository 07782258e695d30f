// The part of span_decoder.h that writes by numbered masks without asking the causal rows again.
//
// Each forward runs what was written last as clean rows, which gives one more token, and a block of masks
// behind it. Masks stand behind the token that is certain, so the first that may not be believed ends what a
// forward writes: those behind it spoke of the places behind another text.

#include <algorithm>

#include "engine/decoding/forward_rows.h"
#include "engine/decoding/span_decoder.h"
#include "engine/decoding/span_forward.h"
#include "engine/decoding/span_state.h"

namespace inpaint::engine {

Result<void> SpanDecoder::write_by_masks(SpanState& state) const {
  Canvas& canvas = state.canvas();
  while (!state.done) {
    if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
    if (state.hooks.out_of_time()) return state.finish(SpanEnd::deadline), Result<void>();
    const int size = canvas.size();
    const int certain = state.cache.length() + static_cast<int>(state.pending.size());
    ForwardRows rows(model_.traits(), state.cache.length(), copies_);
    const int last = rows.add_run(state.pending, kNoParent);
    const int room = state.task.max_tokens - size - 1;
    rows.add_block(masks(std::clamp(room, 0, model_.traits().masks), state.position(size)), last);
    Asked asked{{last, last + 1}, {}, {}};
    for (int row = last + 1; row < rows.size(); ++row) asked.block.push_back(row);
    Result<ForwardOutcome> step = run_rows(model_, state.cache, rows, asked, special_.end);
    if (!step) return std::unexpected(step.error());
    ++state.result.forwards;
    state.cache.truncate(certain);

    Candidate next = state.choose(step->clean[0], size, state.text());
    bool foreseen = next.token == step->clean[0].best().token;
    state.take(next);
    for (const Distribution& mask : step->block) {
      if (state.done || !foreseen) break;
      next = state.choose(mask, canvas.size(), state.text());
      foreseen = next.token == mask.best().token;
      // What may not stand there is a clean row's last resort, and not a mask's.
      if (next.probability <= 0.0F || next.probability < state.task.sampler.threshold ||
          !state.rules.admits(state.text(), canvas.size(), next.token))
        break;
      state.take(next);
    }
    state.sync_rows();
    state.end_forward();
  }
  return {};
}

}  // namespace inpaint::engine
