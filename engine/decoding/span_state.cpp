#include "engine/decoding/span_state.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace inpaint::engine {

SpanState::SpanState(const SpanTask& span_task, const Tokenizer& tokenizer,
                     const SpecialTokens& special, KeyValueCache& key_values,
                     std::vector<Row>& pending_rows, const SpanHooks& span_hooks)
    : task(span_task),
      cache(key_values),
      pending(pending_rows),
      hooks(span_hooks),
      rules(tokenizer, special.end, span_task.stops_at_newline, span_task.constraint),
      tokenizer_(tokenizer),
      special_(special),
      span_begin_(cache.length() + static_cast<int>(pending.size())),
      text_(span_task.opening.given),
      random_(span_task.seed) {
  for (int row = 0; row < n_opening(); ++row) pending.push_back(opening_row(row));
  if (const auto edge = rules.edge(text_)) {
    cut_text(*edge);
    finish(SpanEnd::edge);
  }
}

Row SpanState::opening_row(int row) const {
  const TokenId token = row == 0 ? special_.fill[static_cast<std::size_t>(task.hole)]
                                 : task.opening.tokens[static_cast<std::size_t>(row) - 1];
  return {token, task.context_length + row};
}

Candidate SpanState::choose(const Distribution& distribution, int index,
                            std::optional<std::string_view> text) {
  const auto may_stand = [&](TokenId token) {
    return text ? rules.admits(*text, index, token) : !rules.banned(index, token);
  };
  if (task.temperature <= 0.0F) {
    const auto candidates = distribution.candidates();
    const auto found = std::ranges::find_if(
        candidates, [&](const Candidate& candidate) { return may_stand(candidate.token); });
    return found == candidates.end() ? distribution.best() : *found;
  }
  double total = 0.0;
  std::array<double, Distribution::kCandidates> weights{};
  for (std::size_t i = 0; i < distribution.candidates().size(); ++i) {
    if (!may_stand(distribution.top[i].token)) continue;
    weights[i] = std::pow(static_cast<double>(distribution.top[i].probability),
                          1.0 / static_cast<double>(task.temperature));
    total += weights[i];
  }
  double at = static_cast<double>(random_() >> 11) * 0x1p-53 * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    at -= weights[i];
    if (at < 0.0) return distribution.top[i];
  }
  return distribution.best();
}

void SpanState::finish(SpanEnd end, float probability) {
  result.end = end;
  result.end_probability = probability;
  done = true;
}

void SpanState::end_forward() {
  if (hooks.after_forward(result)) return;
  canvas().cut(canvas().first_mask());
  finish(SpanEnd::given_up);
}

bool SpanState::take(const Candidate& token) {
  ++n_written;
  if (token.token == special_.end) {
    finish(SpanEnd::ended, token.probability);
    return false;
  }
  canvas().append(token.token, token.probability);
  text_ += tokenizer_.bytes(token.token);
  if (const auto edge = rules.edge(text_)) {
    cut_text(*edge);
    finish(SpanEnd::edge, token.probability);
  } else if (canvas().size() >= task.max_tokens || exhausted()) {
    finish(SpanEnd::length);
  }
  return !done;
}

void SpanState::close_if_over(int from, bool late) {
  text_ = text_of(from);
  for (int i = from; i < canvas().first_mask() && !done; ++i) {
    const Cell cell = canvas().cells()[static_cast<std::size_t>(i)];
    if (cell.token == special_.end) {
      canvas().cut(i);
      finish(late ? SpanEnd::deadline : SpanEnd::ended, cell.confidence);
      return;
    }
    text_ += tokenizer_.bytes(cell.token);
    if (const auto edge = rules.edge(text_)) {
      cut_text(*edge);
      finish(SpanEnd::edge, cell.confidence);
    } else if (i + 1 >= task.max_tokens) {
      canvas().cut(i + 1);
      finish(SpanEnd::length);
    }
  }
}

void SpanState::cut_text(std::size_t bytes) {
  std::size_t size = task.opening.given.size();
  int n_tokens = 0;
  for (const Cell& cell : canvas().cells()) {
    if (size >= bytes) break;
    size += tokenizer_.bytes(cell.token).size();
    ++n_tokens;
  }
  canvas().cut(n_tokens);
  text_.resize(std::min(bytes, text_.size()));
}

void SpanState::reopen(std::span<const grammar::ByteRange> ranges) {
  const auto wanted = [&](std::size_t begin, std::size_t end) {
    return std::ranges::any_of(ranges, [&](const grammar::ByteRange& range) {
      return range.begin < end && begin < range.end;
    });
  };
  // What closed the span is a choice as well: where something is missing at its end, the wrong one.
  int weakest = canvas().size();
  TokenId written = special_.end;
  float least = 2.0F;
  const bool end_is_wanted = result.end == SpanEnd::ended && wanted(text_.size(), text_.size() + 1);
  if (end_is_wanted) least = result.end_probability;
  std::size_t at = task.opening.given.size();
  std::vector<bool> at_fault;
  for (int i = 0; i < canvas().size(); ++i) {
    const Cell& cell = canvas().cells()[static_cast<std::size_t>(i)];
    const std::size_t end = at + tokenizer_.bytes(cell.token).size();
    at_fault.push_back(wanted(at, end));
    if (at_fault.back() && cell.confidence < least) {
      weakest = i;
      written = cell.token;
      least = cell.confidence;
    }
    at = end;
  }
  if (least > 1.0F && canvas().size() > 0) {  // nothing of the text is named: the last token then
    weakest = canvas().size() - 1;
    written = canvas().cells().back().token;
  }
  rules.ban(weakest, written);
  kept.clear();
  if (task.mode == Mode::diffusion)
    for (int i = weakest + 1; i < canvas().size(); ++i) {
      const Cell& cell = canvas().cells()[static_cast<std::size_t>(i)];
      if (!at_fault[static_cast<std::size_t>(i)])
        kept.push_back({i, {cell.token, cell.confidence}});
    }
  canvas().cut(weakest);
  text_ = text_of(weakest);
  done = false;
  result.end = SpanEnd::ended;
  sync_rows();
}

void SpanState::sync_rows() {
  const int n_tokens = canvas().first_mask();
  const int cached = std::min(cache.length(), span_begin_ + n_opening() - 1 + n_tokens);
  if (cached < span_begin_) return;  // nothing has run yet: all that is pending still is
  cache.truncate(cached);
  pending.clear();
  for (int row = cached - span_begin_; row < n_opening() + n_tokens; ++row) {
    const int token = row - n_opening();
    if (token < 0) pending.push_back(opening_row(row));
    else
      pending.push_back({canvas().cells()[static_cast<std::size_t>(token)].token, position(token)});
  }
}

std::string SpanState::text_of(int n_tokens) const {
  std::string text = task.opening.given;
  for (const Cell& cell : result.canvas.cells().first(static_cast<std::size_t>(n_tokens)))
    text += tokenizer_.bytes(cell.token);
  return text;
}

}  // namespace inpaint::engine
