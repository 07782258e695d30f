#include "engine/training/adapter/base_writer.h"

#include <algorithm>
#include <utility>

#include "engine/kernels/tile.h"

namespace inpaint::engine {
namespace {

constexpr int kPiece = 128;      // rows of a context that go through together
constexpr int kLeastShared = 8;  // tokens that are worth a segment

SegmentSet only(int segment) { return SegmentSet{1} << segment; }

int shared_beginning(std::span<const TokenId> a, std::span<const TokenId> b) {
  return static_cast<int>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

BaseWriter::BaseWriter(PretrainedModel& base, const SpecialTokens& special)
    : base_(base),
      special_(special),
      cache_(static_cast<RowCache*>(base.new_cache().release())) {  // what it makes
  static_assert(2 * kSideBySide <= kMaxSegments);  // one of its own for each, and one it shares
  for (int segment = 1; segment < 2 * kSideBySide; ++segment) {
    [[maybe_unused]] const Result<int> added = cache_->add_segment();
  }
}

Result<void> BaseWriter::encode(std::span<const TokenId> tokens, int from, int to, int segment,
                                SegmentSet& seen) {
  seen |= only(segment);
  while (from < to) {
    std::vector<Row> rows;
    const int end = std::min(to, from + kPiece);
    for (; from < end; ++from)
      rows.push_back({.token = tokens[static_cast<std::size_t>(from)],
                      .position = from,
                      .parent = static_cast<int>(rows.size()) - 1,
                      .sees = seen,
                      .segment = segment});
    const auto ran = base_.forward(*cache_, {.rows = rows, .asked = {}});
    if (!ran) return std::unexpected(ran.error());
  }
  return {};
}

Result<std::vector<WrittenSpan>> BaseWriter::write(std::span<const std::vector<TokenId>> prompts,
                                                   int most) {
  cache_->truncate(0);
  std::vector<WrittenSpan> spans(prompts.size());
  std::vector<SegmentSet> seen(prompts.size());
  std::vector<int> writing;    // those that are not over
  std::vector<Shared> shared;  // of the prompt before, growing
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const int n = static_cast<int>(i), size = static_cast<int>(prompts[i].size());
    const int like_last = i == 0 ? 0 : shared_beginning(prompts[i], prompts[i - 1]);
    const int like_next =
        i + 1 == prompts.size() ? 0 : shared_beginning(prompts[i], prompts[i + 1]);
    while (!shared.empty() && shared.back().tokens > like_last) shared.pop_back();
    for (const Shared& part : shared) seen[i] |= only(part.segment);
    int done = shared.empty() ? 0 : shared.back().tokens;
    if (like_next >= done + kLeastShared) {
      const Shared part{like_next, kSideBySide + n};
      if (Result<void> ran = encode(prompts[i], done, part.tokens, part.segment, seen[i]); !ran)
        return std::unexpected(ran.error());
      shared.push_back(part);
      done = part.tokens;
    }
    if (Result<void> ran = encode(prompts[i], done, size, n, seen[i]); !ran)
      return std::unexpected(ran.error());
    spans[i].context = size;
    spans[i].tokens.push_back(special_.fill[0]);
    writing.push_back(n);
  }
  while (!writing.empty()) {
    std::vector<Row> rows;
    std::vector<int> asked;
    for (const int i : writing) {
      const WrittenSpan& span = spans[static_cast<std::size_t>(i)];
      asked.push_back(static_cast<int>(rows.size()));
      rows.push_back({.token = span.tokens.back(),
                      .position = span.context + static_cast<int>(span.tokens.size()) - 1,
                      .sees = seen[static_cast<std::size_t>(i)],
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
  for (std::size_t i = 0; i < spans.size(); ++i) take_keys(spans[i], seen[i]);
  return spans;
}

void BaseWriter::take_keys(WrittenSpan& span, SegmentSet seen) const {
  const RowCacheShape& shape = cache_->shape();
  std::vector<std::int64_t> rows;
  for (const RowSpan& some : cache_->rows().seen(seen))
    for (int row = some.begin; row < some.end; ++row) rows.push_back(row);
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
