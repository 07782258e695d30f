// The part of span_decoder.h that writes left to right: with drafts, or a token a forward.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "engine/base/elapsed.h"
#include "engine/decoding/forward_rows.h"
#include "engine/decoding/span_decoder.h"
#include "engine/decoding/span_forward.h"
#include "engine/decoding/span_state.h"

namespace inpaint::engine {
namespace {

// Behind the first disagreement with a draft that came with the task: what is as likely as not.
constexpr float kKeptConfidence = 0.5F;

}  // namespace

DraftPlan SpanDecoder::plan(const SpanState& state, std::span<const TokenId> given,
                            std::span<const Foretold> by_masks, DraftPolicy* policy,
                            bool first) const {
  const int room = state.task.max_tokens - state.result.canvas.size();
  if (policy == nullptr) {
    const std::size_t n = std::min(given.size(), static_cast<std::size_t>(room));
    return {{given.begin(), given.begin() + static_cast<std::ptrdiff_t>(n)},
            std::vector<int>(n + 1)};
  }
  const int numbered = model_.traits().masks;
  DraftSources sources{.given = given,
                       .by_masks = by_masks,
                       .certain = static_cast<int>(state.pending.size()),
                       .masks = numbered > 0 ? numbered : state.task.block_width,
                       .room = room,
                       .first = first};
  if (copies_ != nullptr) sources.copied = [this] { return copies_->draft(); };
  return policy->plan(sources);
}

std::vector<Row> SpanDecoder::masks(int n, int position) const {
  const ModelTraits traits = model_.traits();
  std::vector<Row> rows;
  rows.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i)
    rows.push_back({traits.masks > 0 ? traits.vocabulary + i : special_.mask, position + i});
  return rows;
}

std::vector<Foretold> SpanDecoder::proposals(const SpanState& state, const ForwardOutcome& outcome,
                                             const DraftPlan& plan, std::size_t agreed,
                                             TokenId next) const {
  const auto end = plan.blocks.begin() + static_cast<std::ptrdiff_t>(agreed);
  const auto block =
      std::span(outcome.block)
          .subspan(static_cast<std::size_t>(std::accumulate(plan.blocks.begin(), end, 0)),
                   static_cast<std::size_t>(*end));
  const ModelTraits traits = model_.traits();
  const std::size_t known = traits.mask_target == MaskTarget::own_place ? 1 : 0;
  if (block.size() <= known) return {};
  TokenId foreseen = next;
  if (known > 0) foreseen = block.front().best().token;
  else if (traits.masks > 0) foreseen = outcome.clean[agreed].best().token;
  if (foreseen != next) return {};
  std::vector<Foretold> proposals;
  for (const Distribution& mask : block.subspan(known)) {
    const auto [token, probability] = mask.best();
    const bool is_end = token == special_.end;
    const bool breaks =
        state.task.stops_at_newline && tokenizer_.bytes(token).find('\n') != std::string_view::npos;
    proposals.push_back({token, probability, is_end, is_end || breaks});
  }
  return proposals;
}

Result<void> SpanDecoder::write_causally(SpanState& state, std::span<const TokenId> given,
                                         DraftPolicy* policy, int max_forwards) const {
  Canvas& canvas = state.canvas();
  std::vector<Foretold> proposed;
  for (int forward = 0; forward < max_forwards && !state.done; ++forward) {
    if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
    if (state.hooks.out_of_time()) return state.finish(SpanEnd::deadline), Result<void>();
    const int size = canvas.size();
    ForwardRows rows(model_.traits(), state.cache.length(), copies_);
    const int last_pending = rows.add_run(state.pending, kNoParent);
    const DraftPlan plan = this->plan(state, given, proposed, policy, forward == 0);
    const std::vector<TokenId>& draft = plan.draft;
    given = {};
    const int certain = state.cache.length() + static_cast<int>(state.pending.size());
    const int last_clean = rows.add_run(rows_of(draft, state.position(size)), last_pending);
    for (int end = 0; std::cmp_less(end, plan.blocks.size()); ++end)
      rows.add_block(masks(plan.blocks[static_cast<std::size_t>(end)], state.position(size + end)),
                     last_pending + end);
    Asked asked{{last_pending, last_clean + 1}, draft, {}};
    for (int row = last_clean + 1; row < rows.size(); ++row) asked.block.push_back(row);
    const Clock::time_point start = Clock::now();
    Result<ForwardOutcome> step = run_rows(model_, state.cache, rows, asked, special_.end);
    if (!step) return std::unexpected(step.error());
    const double seconds = seconds_since(start);
    if (state.result.forwards == 0 && !state.task.draft.empty())
      state.result.draft = score_of(step->clean);
    ++state.result.forwards;

    // As much of the draft as the causal rows would have written, then their own next token.
    std::size_t agreed = 0;
    Candidate next = state.choose(step->clean[0], size, state.text());
    while (agreed < draft.size() && next.token == draft[agreed] && state.take(next)) {
      ++agreed;
      next = state.choose(step->clean[agreed], canvas.size(), state.text());
    }
    state.cache.truncate(certain + static_cast<int>(agreed));
    if (!state.done) state.take(next);
    if (state.task.mode == Mode::diffusion)
      for (std::size_t i = agreed + 1; i < draft.size(); ++i)
        if (const float p = step->clean[i].wanted; p >= kKeptConfidence)
          state.kept.push_back({size + static_cast<int>(i), {draft[i], p}});
    state.sync_rows();

    if (policy != nullptr) {
      proposed =
          state.done ? std::vector<Foretold>() : proposals(state, *step, plan, agreed, next.token);
      std::vector<TokenId> written(draft.begin(),
                                   draft.begin() + static_cast<std::ptrdiff_t>(agreed));
      written.push_back(next.token);
      policy->learn({written, proposed, rows.size(), seconds});
    }
    state.end_forward();
  }
  return {};
}

}  // namespace inpaint::engine
