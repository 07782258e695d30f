#include "engine/model/pretrained/draft_head.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;
using kernels::QuantisedMatrix;

/// These outputs of a matrix, in their order, in 8 bits where its rows are whole blocks.
QuantisedMatrix compact(const QuantisedMatrix& whole, std::span<const TokenId> outputs) {
  const std::int64_t inputs = whole.inputs();
  const BlockFormat format = inputs % 32 == 0 ? BlockFormat::q8_0 : BlockFormat::f32;
  const auto bytes = static_cast<std::size_t>(kernels::bytes_of(format, inputs));
  std::vector<std::byte> data(outputs.size() * bytes);
  std::vector<float> row(static_cast<std::size_t>(inputs));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    whole.row(outputs[i], row.data());
    if (format == BlockFormat::q8_0)
      kernels::pack_q8_0(row.data(), inputs, data.data() + i * bytes);
    else std::memcpy(data.data() + i * bytes, row.data(), bytes);
  }
  return {format, static_cast<std::int64_t>(outputs.size()), inputs, std::move(data)};
}

}  // namespace

std::vector<float> picked_rows(std::span<const float> x, std::int64_t width,
                               std::span<const int> rows) {
  std::vector<float> y(rows.size() * static_cast<std::size_t>(width));
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(x.data() + rows[i] * width, width, y.data() + i * static_cast<std::size_t>(width));
  return y;
}

DraftHead::DraftHead(const QuantisedMatrix& head, float divisor, const TokenChoice& choice,
                     MaskAdapter& adapter)
    : tokens_(std::move(adapter.draft_tokens)),
      index_(static_cast<std::size_t>(head.outputs()), -1),
      choice_(choice.among(tokens_)),
      divisor_(divisor),
      head_(compact(head, tokens_)),
      left_(std::move(adapter.markov_left)),
      right_(std::move(adapter.markov_right)) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    index_[static_cast<std::size_t>(tokens_[i])] = static_cast<std::int32_t>(i);
    tokens_[i] = choice.written(tokens_[i]);
  }
}

Result<void> DraftHead::propose(const ForwardInput& input, std::span<const float> hidden,
                                std::vector<Distribution>& distributions,
                                kernels::ThreadPool& pool) const {
  constexpr int kNotAsked = -1;
  const auto row_at = [&](int asked) { return input.asked[static_cast<std::size_t>(asked)]; };
  std::vector<int> masks;                                // places among the asked rows
  std::vector<int> place(input.rows.size(), kNotAsked);  // of a row among the asked ones
  int most = 0;
  for (int i = 0; i < static_cast<int>(input.asked.size()); ++i) {
    place[static_cast<std::size_t>(row_at(i))] = i;
    const int number = input.rows[static_cast<std::size_t>(row_at(i))].token - vocabulary();
    if (number >= 0) masks.push_back(i);
    most = std::max(most, number);
  }
  const std::vector<float> x = picked_rows(hidden, head_.inputs(), masks);
  std::vector<float> logits(masks.size() * tokens_.size());
  head_.multiply(x.data(), std::ssize(masks), logits.data(), pool);
  if (divisor_ != 1.0F)
    for (float& logit : logits) logit /= divisor_;

  for (int number = 0; number <= most; ++number) {
    Column column;
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const int at = row_at(masks[i]);
      const Row& row = input.rows[static_cast<std::size_t>(at)];
      if (row.token != vocabulary() + number) continue;
      const int neighbour = number == 0 ? row.parent : at - 1;
      const int known =
          neighbour == kNoParent ? kNotAsked : place[static_cast<std::size_t>(neighbour)];
      column.asked.push_back(masks[i]);
      column.logits.push_back(logits.data() + i * tokens_.size());
      column.left.push_back(known == kNotAsked
                                ? kNoToken
                                : distributions[static_cast<std::size_t>(known)].best().token);
    }
    add_left(column, pool);
    for (std::size_t i = 0; i < column.asked.size(); ++i) {
      const auto asked = static_cast<std::size_t>(column.asked[i]);
      Result<Distribution> chosen = choose({column.logits[i], tokens_.size()},
                                           input.wanted_of(asked), input.allowed_of(asked));
      if (!chosen && chosen.error().code != ErrorCode::not_finite)
        return std::unexpected(chosen.error());
      distributions[asked] = chosen ? *chosen : nothing();
    }
  }
  return {};
}

/// No clean row sees a mask: whatever an adapter says, what is verified is the model's text.
Distribution DraftHead::nothing() const {
  Distribution unsure;
  unsure.n_top = 1;
  unsure.top.front() = {tokens_.front(), 0.0F};
  return unsure;
}

void DraftHead::add_left(const Column& column, kernels::ThreadPool& pool) const {
  if (left_.empty()) return;
  std::vector<float> seen;  // [those with a token, markov_rank]
  std::vector<float*> told;
  const auto rank = static_cast<std::size_t>(left_.inputs());
  for (std::size_t i = 0; i < column.left.size(); ++i) {
    const TokenId left = column.left[i];
    const std::int32_t index = left == kNoToken ? -1 : index_[static_cast<std::size_t>(left)];
    if (index < 0) continue;
    seen.resize(seen.size() + rank);
    left_.row(index, seen.data() + seen.size() - rank);
    told.push_back(column.logits[i]);
  }
  std::vector<float> terms(told.size() * tokens_.size());
  right_.multiply(seen.data(), std::ssize(told), terms.data(), pool);
  for (std::size_t row = 0; row < told.size(); ++row)
    for (std::size_t v = 0; v < tokens_.size(); ++v)
      told[row][v] += terms[row * tokens_.size() + v];
}

Result<Distribution> DraftHead::choose(std::span<float> logits, TokenId wanted,
                                       std::span<const TokenId> allowed) const {
  const std::int32_t of_wanted = index_[static_cast<std::size_t>(wanted)];
  std::vector<TokenId> indices;
  for (const TokenId token : allowed)
    if (const std::int32_t index = index_[static_cast<std::size_t>(token)]; index >= 0)
      indices.push_back(index);
  if (indices.empty() && !allowed.empty())
    return failure(ErrorCode::bad_argument, "forward", "a mask is allowed no token of the drafts",
                   "ask a clean row, or allow more");
  Result<Distribution> chosen = choice_.choose(logits, std::max(of_wanted, 0), indices);
  if (!chosen) return chosen;
  if (of_wanted < 0) chosen->wanted = 0.0F;
  for (Candidate& candidate : std::span(chosen->top).first(static_cast<std::size_t>(chosen->n_top)))
    candidate.token = tokens_[static_cast<std::size_t>(candidate.token)];
  return chosen;
}

}  // namespace inpaint::engine
