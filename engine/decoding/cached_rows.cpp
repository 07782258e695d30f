#include "engine/decoding/cached_rows.h"

#include <fmt/format.h>

#include <cassert>

namespace inpaint::engine {
namespace {

Error refused(std::string why, std::string remedy) {
  return {ErrorCode::bad_argument, "cache", std::move(why), std::move(remedy)};
}

}  // namespace

std::vector<RowSpan> CachedRows::seen(SegmentSet segments) const {
  if (rows_.empty()) return {};
  if (segments == kAllSegments) return {{0, length()}};
  std::vector<RowSpan> spans;
  for (int row = 0; row < length(); ++row) {
    if ((segments >> segment(row) & 1U) == 0) continue;
    if (!spans.empty() && spans.back().end == row) ++spans.back().end;
    else spans.push_back({row, row + 1});
  }
  return spans;
}

void CachedRows::append(std::span<const Row> rows) {
  for (const Row& row : rows) rows_.push_back({row.position, row.segment});
}

void CachedRows::truncate(int length) {
  assert(length >= 0 && length <= this->length());
  rows_.resize(static_cast<std::size_t>(length));
}

Result<void> CachedRows::keep(std::span<const int> rows) {
  int behind = 0;
  for (const int row : rows) {
    if (row < behind || row >= length())
      return std::unexpected(
          refused(fmt::format("to keep row {} behind row {} of {}", row, behind - 1, length()),
                  "name rows that are there, in ascending order"));
    behind = row + 1;
  }
  std::size_t kept = 0;
  for (const int row : rows) rows_[kept++] = rows_[static_cast<std::size_t>(row)];
  rows_.resize(kept);
  return {};
}

Result<int> CachedRows::add_segment() {
  if (segments_ == kMaxSegments)
    return std::unexpected(refused(fmt::format("more than {} segments", kMaxSegments),
                                   "use those that there are, or a new cache"));
  return segments_++;
}

Result<void> CachedRows::turn(int segment, int by, int max_positions) {
  if (segment < 0 || segment >= segments_)
    return std::unexpected(refused(fmt::format("segment {} of {}", segment, segments_),
                                   "name a segment that was added"));
  const auto moved = [&](const Kept& row) { return std::int64_t{row.position} + by; };
  for (const Kept& row : rows_)
    if (row.segment == segment && (moved(row) < 0 || moved(row) >= max_positions))
      return std::unexpected(
          refused(fmt::format("position {} turned by {}, of {}", row.position, by, max_positions),
                  "encode the rows anew"));
  for (Kept& row : rows_)
    if (row.segment == segment) row.position += by;
  return {};
}

}  // namespace inpaint::engine
