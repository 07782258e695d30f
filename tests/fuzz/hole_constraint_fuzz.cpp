// A file, a place in it and what a model wrote there: all may be any bytes. The planner must give
// an ordered hole around the place, and the constraint verdicts that lie inside of the fill.
//
// The first byte chooses the language, the second the kind (or none), the next two the place, two
// more the size of the fill; then comes the fill, then the file.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "grammar/base/text_lines.h"
#include "grammar/check/hole_constraint.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace grammar = inpaint::grammar;
  if (size < 6) return 0;
  const auto languages = grammar::languages();
  const std::size_t which = data[0] % (languages.size() + 1);
  const grammar::Language* language = which == languages.size() ? nullptr : &languages[which];
  std::optional<grammar::HoleKind> kind;
  if (data[1] % 8 < 7) kind = static_cast<grammar::HoleKind>(data[1] % 8);
  const std::string_view rest(reinterpret_cast<const char*>(data) + 6, size - 6);
  const std::size_t fill_size = (data[4] + 256U * data[5]) % (rest.size() + 1);
  const std::string_view fill = rest.substr(0, fill_size);
  const std::string_view text = rest.substr(fill_size);
  std::size_t cursor = (data[2] + 256U * data[3]) % (text.size() + 1);

  std::optional<grammar::SyntaxTree> tree;
  if (language != nullptr) tree = grammar::SyntaxTree::parse(*language, text);
  const grammar::Line line = grammar::line_at(text, cursor);
  if (cursor > line.end) cursor = line.end;  // not inside of a line end, as callers promise
  const grammar::HolePlan plan = grammar::plan_hole({.text = text,
                                                     .cursor = cursor,
                                                     .language = language,
                                                     .tree = tree ? &*tree : nullptr,
                                                     .kind = kind});
  check(plan.range.begin <= plan.range.end && plan.range.end <= text.size());
  check(!kind || plan.kind == *kind);

  // Small budgets: a round of fuzzing is worth more than one placeholder more.
  grammar::HoleConstraint constraint(language, text, plan, tree ? &*tree : nullptr, std::nullopt,
                                     {std::chrono::milliseconds(50), std::chrono::milliseconds(1)});
  const std::string_view half = fill.substr(0, fill.size() / 2);
  const std::optional<std::string_view> pieces[] = {half, std::nullopt, fill.substr(half.size())};
  constraint.admits(pieces);
  const auto end = constraint.ends_at(fill);
  check(!end || *end <= fill.size());
  for (int i = 0; i < 6; ++i) {
    const grammar::Review review = constraint.review(fill);
    if (review.verdict == grammar::Review::Verdict::accept) return 0;
    if (review.verdict == grammar::Review::Verdict::cut) {
      check(review.cut_at <= fill.size());
      return 0;
    }
    check(!review.ranges.empty());
    std::size_t behind = 0;
    for (const grammar::ByteRange range : review.ranges) {
      check(behind <= range.begin && range.begin < range.end && range.end <= fill.size());
      behind = range.end;
    }
  }
  std::abort();  // it asks for more for ever
}
