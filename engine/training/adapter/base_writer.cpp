#include "engine/training/adapter/base_writer.h"

#include <algorithm>
#include <utility>

#include "engine/kernels/tile.h"

namespace inpaint::engine {
namespace {

constexpr std::size_t kPiece = 128;  // rows of a context that go through together

SegmentSet only(int segment) { return SegmentSet{1} << segment; }

}  // namespace

BaseWriter::BaseWriter(PretrainedModel& base, const SpecialTokens& special)
    : base_(base),
      special_(special),
      cache_(static_cast<RowCache*>(base.new_cache().release())) {  // what it makes
  static_assert(kSideBySide <= kMaxSegments);  // so that there is room for each
  for (int segment = 1; segment < kSideBySide; ++segment) {
    [[maybe_unused]] const Result<int> added = cache_->add_segment();
  }
}

Result<void> BaseWriter::encode(std::span<const TokenId> prompt, int segment) {
  int position = 0;
  while (!prompt.empty()) {
    std::vector<Row> rows;
    const auto piece = prompt.first(std::min(prompt.size(), kPiece));
    rows.reserve(piece.size());
    for (const TokenId token : piece)
      rows.push_back({.token = token,
                      .position = position++,
                      .parent = rows.empty() ? kNoParent : static_cast<int>(rows.size()) - 1,
                      .sees = only(segment),
                      .segment = segment});
    const auto ran = base_.forward(*cache_, {.rows = rows, .asked = {}});
    if (!ran) return std::unexpected(ran.error());
    prompt = prompt.subspan(piece.size());
  }
  return {};
}

Result<std::vector<WrittenSpan>> BaseWriter::write(std::span<const std::vector<TokenId>> prompts,
                                                   int most) {
  cache_->truncate(0);
  std::vector<WrittenSpan> spans(prompts.size());
  std::vector<int> writing;  // those that are not over
  for (int i = 0; std::cmp_less(i, prompts.size()); ++i) {
    WrittenSpan& span = spans[static_cast<std::size_t>(i)];
    const std::vector<TokenId>& prompt = prompts[static_cast<std::size_t>(i)];
    if (Result<void> encoded = encode(prompt, i); !encoded) return std::unexpected(encoded.error());
    span.context = static_cast<int>(prompt.size());
    span.tokens.push_back(special_.fill[0]);
    writing.push_back(i);
  }
  while (!writing.empty()) {
    std::vector<Row> rows;
    std::vector<int> asked;
    for (const int i : writing) {
      const WrittenSpan& span = spans[static_cast<std::size_t>(i)];
      asked.push_back(static_cast<int>(rows.size()));
      rows.push_back({.token = span.tokens.back(),
                      .position = span.context + static_cast<int>(span.tokens.size()) - 1,
                      .sees = only(i),
                      .segment = i});
    }
    const auto next = base_.forward(*cache_, {.rows = rows, .asked = asked});
    if (!next) return std::unexpected(next.error());
    for (std::size_t row = 0; row < rows.size(); ++row)
      spans[static_cast<std::size_t>(writing[row])].tokens.push_back((*next)[row].best().token);
    std::erase_if(writing, [&](int i) {
      const std::vector<TokenId>& tokens = spans[static_cast<std::size_t>(i)].tokens;
      return tokens.back() == special_.end || std::cmp_greater(tokens.size(), most);
    });
  }
  for (int i = 0; std::cmp_less(i, spans.size()); ++i)
    take_keys(spans[static_cast<std::size_t>(i)], i);
  return spans;
}

void BaseWriter::take_keys(WrittenSpan& span, int segment) const {
  const RowCacheShape& shape = cache_->shape();
  std::vector<std::int64_t> rows;
  for (int row = 0; row < cache_->length(); ++row)
    if (cache_->rows().segment(row) == segment) rows.push_back(row);
  const at::Tensor picked = at::tensor(rows, at::kLong);
  const std::int64_t length = kernels::whole_lanes(cache_->length());
  const auto view = [&](const float* data, at::IntArrayRef sizes) {
    return at::from_blob(const_cast<float*>(data), sizes, at::kFloat);  // only read
  };
  for (int layer = 0; layer < shape.layers; ++layer) {
    std::vector<at::Tensor> keys, values;
    for (int head = 0; head < shape.heads; ++head) {
      keys.push_back(view(cache_->keys(layer, head),
                          {length / kernels::kLanes, shape.head_dim, kernels::kLanes})
                         .permute({0, 2, 1})
                         .reshape({length, shape.head_dim})
                         .index_select(0, picked));
      values.push_back(view(cache_->values(layer, head), {length, cache_->value_width()})
                           .narrow(1, 0, shape.head_dim)
                           .index_select(0, picked));
    }
    span.keys.push_back(at::stack(keys));
    span.values.push_back(at::stack(values));
  }
}

}  // namespace inpaint::engine
