#include "engine/decoding/span_decoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace inpaint::engine {
namespace {

// A draft is worth its row while the model rather believes in it.
constexpr float kDraftConfidence = 0.3F;

}  // namespace

/// What the three modes share: the span so far, the rows of the next forward, and when to stop.
struct SpanDecoder::State {
  const SpanTask& task;
  KeyValueCache& cache;
  std::vector<Row>& pending;
  const SpanHooks& hooks;
  SpanResult result;
  std::mt19937_64 random;
  bool done = false;

  int position(int token) const { return task.context_length + 1 + token; }

  /// The best candidate, or one drawn with the task's temperature.
  Candidate choose(const Distribution& distribution) {
    if (task.temperature <= 0.0F) return distribution.best();
    double total = 0.0;
    std::array<double, Distribution::kCandidates> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = std::pow(static_cast<double>(distribution.top[i].probability),
                            1.0 / static_cast<double>(task.temperature));
      total += weights[i];
    }
    double at = static_cast<double>(random() >> 11) * 0x1p-53 * total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      at -= weights[i];
      if (at < 0.0) return distribution.top[i];
    }
    return distribution.best();
  }

  void finish(SpanEnd end, float probability = 1.0F) {
    result.end = end;
    result.end_probability = probability;
    done = true;
  }
};

Result<SpanResult> SpanDecoder::decode(const SpanTask& task, KeyValueCache& cache,
                                       std::vector<Row>& pending, const SpanHooks& hooks) const {
  State state{task, cache, pending, hooks, {}, std::mt19937_64(task.seed), false};
  pending.push_back({special_.fill[static_cast<std::size_t>(task.hole)], task.context_length});
  const Result<void> decoded = task.mode == Mode::autoregressive ? autoregressive(state)
                               : task.mode == Mode::lossless     ? lossless(state)
                                                                 : diffusion(state);
  if (!decoded) return std::unexpected(decoded.error());
  return std::move(state.result);
}

namespace {

/// What one forward says of the clean rows from the last pending one on, and of the masked rows.
struct Outcome {
  std::vector<Distribution> clean;
  std::vector<Distribution> masked;
};

/// Runs the pending rows, `drafted` clean ones and an open block. The cache holds them all
/// afterwards; the caller truncates it to what is certain.
Result<Outcome> run_rows(Model& model, KeyValueCache& cache, std::span<const Row> pending,
                         std::span<const Row> drafted, std::span<const Row> block, TokenId mask) {
  std::vector<Row> rows(pending.begin(), pending.end());
  rows.insert(rows.end(), drafted.begin(), drafted.end());
  const int n_causal = static_cast<int>(rows.size());
  rows.insert(rows.end(), block.begin(), block.end());
  std::vector<int> asked;
  for (int row = std::max<int>(0, static_cast<int>(pending.size()) - 1); row < n_causal; ++row)
    asked.push_back(row);
  const std::size_t n_clean = asked.size();
  for (int row = n_causal; row < static_cast<int>(rows.size()); ++row)
    if (rows[static_cast<std::size_t>(row)].token == mask) asked.push_back(row);

  auto distributions = model.forward(cache, {rows, n_causal, asked});
  if (!distributions) return std::unexpected(distributions.error());
  const auto middle = distributions->begin() + static_cast<std::ptrdiff_t>(n_clean);
  return Outcome{{distributions->begin(), middle}, {middle, distributions->end()}};
}

Error cancelled_error() { return {ErrorCode::cancelled, "fill", "cancelled by the caller", ""}; }

}  // namespace

Result<void> SpanDecoder::autoregressive(State& state) const {
  while (!state.done) {
    if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
    if (state.hooks.out_of_time()) return state.finish(SpanEnd::deadline), Result<void>();
    Result<Outcome> step = run_rows(model_, state.cache, state.pending, {}, {}, special_.mask);
    if (!step) return std::unexpected(step.error());
    ++state.result.forwards;
    const Candidate next = state.choose(step->clean.back());
    state.pending.clear();
    if (next.token == special_.end) {
      state.finish(SpanEnd::ended, next.probability);
    } else {
      Canvas& canvas = state.result.canvas;
      state.pending.push_back({next.token, state.position(canvas.size())});
      canvas.append(next.token, next.probability);
      if (state.task.stops_at_newline &&
          tokenizer_.bytes(next.token).find('\n') != std::string_view::npos)
        state.finish(SpanEnd::newline);
      else if (canvas.size() >= state.task.max_tokens) state.finish(SpanEnd::length);
    }
    state.hooks.after_forward(state.result.canvas, state.result.forwards);
  }
  return {};
}

Result<void> SpanDecoder::lossless(State& state) const {
  std::vector<TokenId> draft;  // what the masks of the last forward proposed, not yet verified
  Canvas& canvas = state.result.canvas;
  // Returns false where the span ends with this token.
  const auto take = [&](const Candidate& token) {
    if (token.token == special_.end) {
      state.finish(SpanEnd::ended, token.probability);
      return false;
    }
    canvas.append(token.token, token.probability);
    if (state.task.stops_at_newline &&
        tokenizer_.bytes(token.token).find('\n') != std::string_view::npos)
      state.finish(SpanEnd::newline);
    else if (canvas.size() >= state.task.max_tokens) state.finish(SpanEnd::length);
    return !state.done;
  };

  while (!state.done) {
    if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
    if (state.hooks.out_of_time()) return state.finish(SpanEnd::deadline), Result<void>();
    const int size = canvas.size();
    const int certain = state.cache.length() + static_cast<int>(state.pending.size());
    std::vector<Row> drafted, block;
    for (std::size_t i = 0; i < draft.size(); ++i)
      drafted.push_back({draft[i], state.position(size + static_cast<int>(i))});
    const int behind = size + static_cast<int>(draft.size());
    const int width = std::min(state.task.block_width, state.task.max_tokens - behind);
    for (int i = 0; i < width; ++i) block.push_back({special_.mask, state.position(behind + i)});
    Result<Outcome> step =
        run_rows(model_, state.cache, state.pending, drafted, block, special_.mask);
    if (!step) return std::unexpected(step.error());
    ++state.result.forwards;
    state.pending.clear();

    // As much of the draft as the causal rows would have written, then their own next token.
    std::size_t agreed = 0;
    Candidate next = state.choose(step->clean[0]);
    while (agreed < draft.size() && next.token == draft[agreed] && take(next))
      next = state.choose(step->clean[++agreed]);
    const bool whole_draft = agreed == draft.size();
    state.cache.truncate(certain + static_cast<int>(agreed));
    if (state.done && agreed < draft.size() && state.result.end != SpanEnd::ended)
      state.pending.push_back(drafted[agreed]);  // taken, and the last one
    draft.clear();
    if (!state.done) {
      if (take(next) || state.result.end != SpanEnd::ended)
        state.pending.push_back({next.token, state.position(canvas.size() - 1)});
      // The masks saw the whole draft; where it fell, they speak of another text.
      if (!state.done && whole_draft && !step->masked.empty() &&
          step->masked[0].best().token == next.token)
        for (std::size_t i = 1; i < step->masked.size(); ++i) {
          const Candidate& candidate = step->masked[i].best();
          if (candidate.probability < kDraftConfidence || candidate.token == special_.end) break;
          draft.push_back(candidate.token);
        }
    }
    state.hooks.after_forward(canvas, state.result.forwards);
  }
  return {};
}

Result<void> SpanDecoder::diffusion(State& state) const {
  ThresholdSampler sampler(state.task.threshold, special_.end);
  Canvas& canvas = state.result.canvas;
  while (!state.done) {
    const int begin = canvas.size();
    canvas.open_block(state.task.block_width);
    while (!canvas.complete() && !state.done) {
      if (state.hooks.cancelled()) return std::unexpected(cancelled_error());
      std::vector<Row> block;
      for (int i = begin; i < canvas.size(); ++i) {
        const Cell& cell = canvas.cells()[static_cast<std::size_t>(i)];
        block.push_back(
            {cell.state == Cell::State::masked ? special_.mask : cell.token, state.position(i)});
      }
      // The first forward of a block also commits the one before it.
      const int certain = state.cache.length() + static_cast<int>(state.pending.size());
      Result<Outcome> step = run_rows(model_, state.cache, state.pending, {}, block, special_.mask);
      if (!step) return std::unexpected(step.error());
      ++state.result.forwards;
      state.cache.truncate(certain);
      state.pending.clear();

      const std::vector<int> masks = canvas.masks();
      std::vector<Proposal> proposals;
      proposals.reserve(masks.size());
      for (std::size_t i = 0; i < masks.size(); ++i)
        proposals.push_back({masks[i], state.choose(step->masked[i])});
      std::vector<CellEdit> edits = sampler.step(canvas, proposals);
      const bool late = state.hooks.out_of_time();
      if (late) {  // the best complete answer: everything as it is proposed
        edits.clear();
        for (const Proposal& p : proposals)
          edits.push_back({p.index, p.choice.token, p.choice.probability});
      }
      for (const CellEdit& edit : edits) canvas.set(edit.index, edit.token, edit.confidence);

      // `<end>`, a newline or the greatest length close the span once all before them is set.
      for (int i = begin; i < canvas.first_mask() && !state.done; ++i) {
        const Cell cell = canvas.cells()[static_cast<std::size_t>(i)];
        if (cell.token == special_.end) {
          canvas.cut(i);
          state.finish(late ? SpanEnd::deadline : SpanEnd::ended, cell.confidence);
        } else if (state.task.stops_at_newline &&
                   tokenizer_.bytes(cell.token).find('\n') != std::string_view::npos) {
          canvas.cut(i + 1);
          state.finish(SpanEnd::newline);
        } else if (i + 1 >= state.task.max_tokens) {
          canvas.cut(i + 1);
          state.finish(SpanEnd::length);
        }
      }
      if (late && !state.done) state.finish(SpanEnd::deadline);
      state.hooks.after_forward(canvas, state.result.forwards);
    }
    for (int i = begin; i < canvas.size(); ++i)
      state.pending.push_back(
          {canvas.cells()[static_cast<std::size_t>(i)].token, state.position(i)});
  }
  return {};
}

}  // namespace inpaint::engine
