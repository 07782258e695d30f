// What a model may take for granted of a forward. One place, so that a scripted model, the real one
// and one in another process refuse the same.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/decoding/model.h"

namespace inpaint::engine {
namespace {

class Check {
 public:
  Check(const ModelTraits& traits, const CachedRows& cached, const ForwardInput& input)
      : traits_(traits),
        cached_(cached),
        input_(input),
        n_rows_(static_cast<int>(input.rows.size())) {}

  Result<void> run() {
    if (n_rows_ == 0) refuse("no rows", "give it one at least");
    check_lists();
    for (int index = 0; index < n_rows_ && ok_; ++index) check_row(index);
    for (std::size_t i = 0; i < input_.asked.size() && ok_; ++i) check_asked(i);
    return std::move(ok_);
  }

 private:
  const Row& row(int index) const { return input_.rows[static_cast<std::size_t>(index)]; }

  void refuse(std::string why, std::string remedy) {
    if (ok_) ok_ = failure(ErrorCode::bad_argument, "forward", std::move(why), std::move(remedy));
  }

  void check_lists() {
    const auto check = [&](std::string_view name, std::size_t n, std::size_t expected,
                           std::string_view of) {
      if (n != expected)
        refuse(fmt::format("{} of {} rows, expected {}", name, n, expected),
               fmt::format("give one for each row{}", of));
    };
    const std::size_t n_asked = input_.asked.size();
    if (!input_.wanted.empty()) check("wanted tokens", input_.wanted.size(), n_asked, " asked");
    if (!input_.allowed.empty()) check("allowed sets", input_.allowed.size(), n_asked, " asked");
    if (traits_.copy_hints > 0) check("copy hints", input_.hints.size(), input_.rows.size(), "");
    else if (!input_.hints.empty())
      refuse(fmt::format("copy hints of {} rows for a model without them", input_.hints.size()),
             "give it none");
  }

  void check_token(int index, TokenId token, std::string_view what) {
    if (token < 0 || token >= traits_.vocabulary)
      refuse(fmt::format("row {}: {} {} of a vocabulary of {}", index, what, token,
                         traits_.vocabulary),
             "use tokens of the model's own tokenizer");
  }

  void check_row(int index) {
    const Row& r = row(index);
    if (is_mask(r)) check_mask(index);
    else check_token(index, r.token, "token");
    if (r.position < 0 || r.position >= traits_.max_positions)
      refuse(fmt::format("row {}: position {} of {}", index, r.position, traits_.max_positions),
             "ask for a shorter text");
    if (r.parent < kNoParent || r.parent >= index)
      refuse(fmt::format("row {} continues row {}", index, r.parent),
             "name a row in front of it, or none");
    if (r.segment < 0 || r.segment >= cached_.segments())
      refuse(fmt::format("row {} goes to segment {} of {}", index, r.segment, cached_.segments()),
             "name a segment that was added");
    const SegmentSet there = cached_.segments() == kMaxSegments
                                 ? kAllSegments
                                 : (SegmentSet{1} << cached_.segments()) - 1;
    if (r.sees != kAllSegments && (r.sees & ~there) != 0)
      refuse(fmt::format("row {} sees segments {:#x} of {}", index, r.sees, cached_.segments()),
             "name segments that were added");
    if (r.block < kNoBlock)
      refuse(fmt::format("row {} is of block {}", index, r.block), "count from 0");
    if (r.block > kNoBlock) check_block(index);
    if (input_.hints.empty()) return;
    for (const CopyHint& hint : input_.hints[static_cast<std::size_t>(index)])
      check_token(index, hint.token, "a copy hint of token");
  }

  bool is_mask(const Row& r) const {
    return r.token >= traits_.vocabulary && r.token < traits_.vocabulary + traits_.masks;
  }

  /// A numbered mask.
  void check_mask(int index) {
    const Row& r = row(index);
    const bool first = index == 0 || row(index - 1).block != r.block;
    const TokenId expected = first ? traits_.vocabulary : row(index - 1).token + 1;
    if (r.block == kNoBlock)
      refuse(fmt::format("row {} is a mask of no block", index), "lay masks out as a block");
    if (r.token != expected)
      refuse(fmt::format("row {} is mask {} of its block, expected {}", index,
                         r.token - traits_.vocabulary, expected - traits_.vocabulary),
             "number the masks of a block from 0 on");
    if (r.parent >= 0 && r.parent < index && row(r.parent).block != kNoBlock)
      refuse(fmt::format("mask {} continues row {} of a block", index, r.parent),
             "let masks continue a clean row");
  }

  /// A row against the one before it in its block, if there is one, and a first one against all
  /// rows in front of it.
  void check_block(int index) {
    const Row& r = row(index);
    if (index > 0 && row(index - 1).block == r.block) {
      const Row& before = row(index - 1);
      if (r.parent != before.parent || r.sees != before.sees)
        refuse(fmt::format("rows {} and {} of block {} continue rows {} and {}, and see segments "
                           "{:#x} and {:#x}",
                           index - 1, index, r.block, before.parent, r.parent, before.sees, r.sees),
               "give the rows of a block the same parent and the same segments");
      return;
    }
    for (int other = 0; other < index; ++other)
      if (row(other).block == r.block)
        refuse(fmt::format("rows {} and {} of block {} are no neighbours", other, index, r.block),
               "lay the rows of a block out side by side");
  }

  void check_asked(std::size_t i) {
    const int index = input_.asked[i];
    const int before = i == 0 ? -1 : input_.asked[i - 1];
    if (index <= before || index >= n_rows_)
      refuse(fmt::format("row {} asked behind row {} of {}", index, before, n_rows_),
             "ask for rows that are there, in ascending order");
    if (!input_.wanted.empty()) check_token(index, input_.wanted[i], "wanted token");
    if (!input_.allowed.empty())
      for (const TokenId token : input_.allowed[i]) check_token(index, token, "allowed token");
  }

  const ModelTraits& traits_;
  const CachedRows& cached_;
  const ForwardInput& input_;
  int n_rows_;
  Result<void> ok_;
};

}  // namespace

Result<void> check_forward(const ModelTraits& traits, const CachedRows& cached,
                           const ForwardInput& input) {
  return Check(traits, cached, input).run();
}

}  // namespace inpaint::engine
