#include "engine/decoding/span_decoder.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/decoding/forward_rows.h"
#include "engine/decoding/span_forward.h"
#include "engine/decoding/span_state.h"

namespace inpaint::engine {
namespace {

// A constraint ends by itself much earlier; this is against one that never does.
constexpr int kMaxRemasks = 16;
// Tokens that all repairs together may write, beyond as many as the first writing did: whoever
// waits for a line does not wait for the third attempt at a page. Tokens and not forwards, so that
// lossless decoding stays what autoregression is.
constexpr int kRepairTokens = 16;

}  // namespace

Result<SpanResult> SpanDecoder::decode(const SpanTask& task, KeyValueCache& cache,
                                       std::vector<Row>& pending, const SpanHooks& hooks) const {
  SpanState state(task, tokenizer_, special_, cache, pending, hooks);
  if (Result<void> written = write(state); !written) return std::unexpected(written.error());
  state.max_written = 2 * state.n_written + kRepairTokens;
  for (int reviews = 0; !is_broken_off(state.result.end); ++reviews) {
    const grammar::Review review = state.rules.review(state.text());
    const bool in_vain = reviews >= kMaxRemasks;
    if (review.verdict == grammar::Review::Verdict::accept) break;
    if (review.verdict == grammar::Review::Verdict::cut || in_vain) {
      state.cut_text(in_vain ? 0 : review.cut_at);
      state.result.cut = true;
      break;
    }
    // Without tokens left the constraint is only asked on until it says where to cut.
    if (state.exhausted()) continue;
    state.reopen(review.ranges);
    ++state.result.remasked;
    if (Result<void> written = write(state); !written) return std::unexpected(written.error());
  }
  state.sync_rows();
  state.result.text_size = state.text().size();
  return std::move(state.result);
}

Result<void> SpanDecoder::write(SpanState& state) const {
  constexpr int kToTheEnd = std::numeric_limits<int>::max();
  std::vector<TokenId> draft;
  if (state.result.forwards == 0) draft = state.task.draft;
  if (state.task.mode == Mode::autoregressive)
    return write_causally(state, draft, nullptr, kToTheEnd);
  if (state.task.mode == Mode::lossless) return write_causally(state, draft, &policy_, kToTheEnd);
  if (!draft.empty())
    if (Result<void> taken = write_causally(state, draft, nullptr, 1); !taken) return taken;
  return model_.traits().masks > 0 ? write_by_masks(state) : diffuse(state);
}

Result<void> SpanDecoder::diffuse(SpanState& state) const {
  while (!state.done) {
    Canvas& canvas = state.canvas();
    const int begin = canvas.size();
    canvas.open_block(state.task.block_width);
    for (const auto& [index, token] : state.kept)
      if (index >= begin && index < canvas.size())
        canvas.set(index, token.token, token.probability);
    state.close_if_over(begin, false);
    if (Result<void> denoised = denoise_block(state); !denoised) return denoised;
    state.sync_rows();
  }
  return {};
}

Result<void> SpanDecoder::denoise_block(SpanState& state) const {
  const std::unique_ptr<Sampler> sampler = make_sampler(state.task.sampler, special_.end);
  Canvas& canvas = state.canvas();
  const bool own_place = model_.traits().mask_target == MaskTarget::own_place;
  const int begin = canvas.open_begin();
  Distribution in_front;
  while (!canvas.complete() && !state.done) {
    if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
    if (state.exhausted()) {  // what is masked was never certain enough to be shown
      canvas.cut(canvas.first_mask());
      return state.finish(SpanEnd::length), Result<void>();
    }
    std::vector<Row> block;
    for (int i = begin; i < canvas.size(); ++i) {
      const Cell& cell = canvas.cells()[static_cast<std::size_t>(i)];
      block.push_back(
          {cell.state == Cell::State::masked ? special_.mask : cell.token, state.position(i)});
    }
    // The first forward of a block also commits the one before it.
    const int certain = state.cache.length() + static_cast<int>(state.pending.size());
    ForwardRows rows(model_.traits(), state.cache.length(), copies_);
    const int last_pending = rows.add_run(state.pending, kNoParent);
    const int first = rows.add_block(block, last_pending);
    const std::vector<int> masks = canvas.masks();
    Asked asked;
    if (!own_place && last_pending != kNoParent) asked.clean = {last_pending, last_pending + 1};
    for (const int mask : masks) {
      const int row = first + mask - begin - (own_place ? 0 : 1);
      if (row >= first) asked.block.push_back(row);
    }
    Result<ForwardOutcome> step = run_rows(model_, state.cache, rows, asked, special_.end);
    if (!step) return std::unexpected(step.error());
    ++state.result.forwards;
    state.cache.truncate(certain);
    state.pending.clear();

    // In the order of the masks. What speaks of the first place of a shifted block is the clean row
    // in front of it, which has run, and been asked, with the block's first forward.
    if (!step->clean.empty()) in_front = step->clean.back();
    std::vector<Distribution> of_masks;
    if (!own_place && masks.front() == begin) of_masks.push_back(in_front);
    std::ranges::move(step->block, std::back_inserter(of_masks));
    std::vector<Proposal> proposals;
    proposals.reserve(masks.size());
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const auto text = i == 0 ? std::optional<std::string_view>(state.text()) : std::nullopt;
      proposals.push_back({masks[i], state.choose(of_masks[i], masks[i], text)});
    }
    std::vector<CellEdit> edits = sampler->step(canvas, proposals);
    const bool late = state.hooks.out_of_time();
    if (late) {  // the best complete answer: everything as it is proposed
      edits.clear();
      for (const Proposal& p : proposals)
        edits.push_back({p.index, p.choice.token, p.choice.probability});
    }
    for (const CellEdit& edit : edits) canvas.set(edit.index, edit.token, edit.confidence);
    state.n_written += static_cast<int>(edits.size());
    // `<end>`, the right edge or the greatest length close the span once all before them is set.
    state.close_if_over(begin, late);
    if (late && !state.done) state.finish(SpanEnd::deadline);
    state.end_forward();
  }
  return {};
}

Result<SpanOpening> SpanDecoder::open(int hole, int context_length, std::string_view held,
                                      KeyValueCache& cache, std::span<const Row> pending,
                                      const SpanRules& rules) const {
  SpanOpening opening;
  const int before = cache.length();
  while (!held.empty()) {
    ForwardRows rows(model_.traits(), before, copies_);
    std::vector<TokenId> run{special_.fill[static_cast<std::size_t>(hole)]};
    run.insert(run.end(), opening.tokens.begin(), opening.tokens.end());
    const int last = rows.add_run(rows_of(run, context_length), rows.add_run(pending, kNoParent));
    rows.ask(last, special_.end, tokenizer_.tokens_compatible_with(held));
    auto distributions = model_.forward(cache, rows.input());
    if (!distributions) return std::unexpected(distributions.error());
    cache.truncate(before);
    const auto candidates = distributions->front().candidates();
    const auto given_by = [&](const Candidate& candidate) {
      const std::string_view bytes = tokenizer_.bytes(candidate.token);
      return bytes.substr(std::min(bytes.size(), held.size()));
    };
    const auto found = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
      return rules.admits_run(given_by(candidate), 0);
    });
    const Candidate chosen = found == candidates.end() ? candidates.front() : *found;
    opening.tokens.push_back(chosen.token);
    opening.given = given_by(chosen);
    opening.probability *= chosen.probability;
    held.remove_prefix(std::min(held.size(), tokenizer_.bytes(chosen.token).size()));
  }
  return opening;
}

Result<std::vector<DraftScore>> SpanDecoder::score(int hole, int context_length,
                                                   std::span<const std::vector<TokenId>> drafts,
                                                   KeyValueCache& cache,
                                                   std::span<const Row> pending,
                                                   std::string_view held) const {
  const int before = cache.length();
  ForwardRows rows(model_.traits(), before, copies_);
  const int context = rows.add_run(pending, kNoParent);
  for (const std::vector<TokenId>& draft : drafts) {
    // Each with an opening of its own: a row is asked for one token.
    const Row fill{special_.fill[static_cast<std::size_t>(hole)], context_length};
    const int first = rows.add_run(std::span(&fill, 1), context);
    rows.add_run(rows_of(draft, context_length + 1), first);
    std::string_view to_say = held;
    for (std::size_t i = 0; i <= draft.size(); ++i) {
      const TokenId next = i < draft.size() ? draft[i] : special_.end;
      std::vector<TokenId> allowed;
      if (!to_say.empty()) allowed = tokenizer_.tokens_compatible_with(to_say);
      to_say.remove_prefix(std::min(to_say.size(), tokenizer_.bytes(next).size()));
      rows.ask(first + static_cast<int>(i), next, std::move(allowed));
    }
  }
  auto distributions = model_.forward(cache, rows.input());
  if (!distributions) return std::unexpected(distributions.error());
  cache.truncate(before);
  std::vector<DraftScore> scores;
  std::span<const Distribution> left = *distributions;
  for (const std::vector<TokenId>& draft : drafts) {
    scores.push_back(score_of(left.first(draft.size() + 1)));
    left = left.subspan(draft.size() + 1);
  }
  return scores;
}

}  // namespace inpaint::engine
