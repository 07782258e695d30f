// The promise: no shown completion makes the file parse worse than this place can be.
//
// A half-typed place is broken by the hole itself, so comparing a fill with the empty hole lets an
// extra bracket pass. What a fill is measured against is how well the place parses at its best:
//
//   * The count of the newest version of the document from before the place was opened, where it is
//     known. It is exact, and it is then the only measure. Looking for less was tried: in files that
//     are broken elsewhere, one placeholder in many parses better by chance (it closes what is open
//     far above), and 15 % of the true fills were refused.
//   * Else the least among the hole empty, some 40 to 150 placeholder fills of the planned kind, and
//     the fill's own repairs (itself but for one bracket or quote). Of either only those few are parsed
//     behind which the text goes on for longest without a certain error (grammar/check/viable_prefix.h).
//
// Least means fewer ERROR and MISSING nodes first, and among these fewer bytes under ERROR nodes; of
// the fill itself neither number may then rise.
//
// Where a text is written from its beginning on, and the hole ends it, nobody has closed yet what lines
// above have opened, and a line may open a block: it is then measured with that closed behind it, by lines to come.
//
// Bytes of a fill count as broken unless the ERROR node reaches beyond the hole on both sides: then
// the place was lost before, and a longer fill is no worse than a shorter one.
//
// Units:  bytes of the text. Errors: a parse that takes longer than its limit counts as the worst.
// Cost:   one incremental parse per fill (0.05 to 1 ms in a file of 1,000 lines). A fill without an
//         error is answered at once; the baseline is computed for the first that has one, until a
//         placeholder has none, the likeliest have been tried or the budget is spent. The baseline is then
//         the best so far, which lets more pass and never less.
// Thread rule: one thread at a time; owns its parser and shares its text, of which it makes no copy.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "grammar/base/text_edit.h"
#include "grammar/check/viable_prefix.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/hole/hole_surroundings.h"
#include "grammar/tree/language.h"
#include "grammar/tree/parser.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

struct PromiseLimits {
  std::chrono::milliseconds parse{50};     // for one parse
  std::chrono::milliseconds baseline{15};  // for all placeholders, and again for all repairs
  std::size_t tried = 6;                   // placeholders that are parsed, and repairs of a fill
};

class Promise {
 public:
  /// `tree` is the tree of `text` as it is, or null. `before_opening` counts the errors of the
  /// newest version of the document in which this place was whole, where there is one.
  Promise(const Language& language, std::shared_ptr<const std::string> text, ByteRange hole,
          HoleKind kind, const SyntaxTree* tree = nullptr,
          std::optional<ErrorCount> before_opening = std::nullopt, PromiseLimits limits = {});

  /// Of a text that nobody shares: it is copied.
  Promise(const Language& language, std::string_view text, ByteRange hole, HoleKind kind,
          const SyntaxTree* tree = nullptr, std::optional<ErrorCount> before_opening = std::nullopt,
          PromiseLimits limits = {})
      : Promise(language, std::make_shared<const std::string>(text), hole, kind, tree,
                before_opening, limits) {}

  /// The errors of the file while the hole is empty.
  ErrorCount before();

  /// How well the place parses at its best, as far as it is known: a fill that `holds` is asked about
  /// may lower it.
  ErrorCount baseline();

  /// The errors of the file with the hole filled.
  ErrorCount after(std::string_view fill);

  bool holds(std::string_view fill);

  /// What fills have shown of the place no longer counts, and those to come are tried as patiently as
  /// if they were the first. What placeholders have shown stays, and is not looked for again.
  void forget_fills();

  /// Against what has been found of the place by now; nothing more is tried. Trying one fill may show
  /// how well the place can parse, and then one that held before holds no longer.
  bool still_holds(std::string_view fill);

  /// The byte of the file with this fill in it behind which no token fits (grammar/check/viable_prefix.h); nothing
  /// where none is certain in the fill and the first `n_behind` bytes of the text behind it.
  std::optional<std::size_t> certain_error(std::string_view fill, std::size_t n_behind);

  /// How far it is worth reading on, to tell whether a fill can stand in front of what follows.
  static constexpr std::size_t kReadBehind = 160;

  /// The errors that end at or behind the begin of the hole, at most `limit`, in bytes of the file
  /// with this fill in it, and what closes it where lines are to come.
  std::vector<SyntaxError> errors_behind(std::string_view fill, std::size_t limit);

  /// Parses made so far; a measure of cost that does not depend on the machine.
  std::size_t n_parses() const { return n_parses_; }

 private:
  std::string_view before_hole() const { return std::string_view(*text_).substr(0, hole_.begin); }
  std::string_view behind_hole() const { return std::string_view(*text_).substr(hole_.end); }
  /// What lines to come have to close behind this fill, on a line of their own.
  std::string closers_behind(std::string_view fill);
  const SyntaxTree* tree_with(std::string_view fill);
  /// Of the tree that tree_with() gave last.
  ErrorCount count(const SyntaxTree& tree, std::size_t fill_size) const;
  const HoleSurroundings& around();
  std::vector<std::string> likeliest(std::vector<std::string> fills);
  void lower_baseline(const std::vector<std::string>& fills, Parser::Clock::duration& budget);

  const Language* language_;
  std::shared_ptr<const std::string> text_;  // with what stands in the hole
  ByteRange hole_;
  TextPoint begin_point_;
  HoleKind kind_;
  std::optional<ErrorCount> before_opening_;
  PromiseLimits limits_;
  Parser parser_;
  std::optional<SyntaxTree> empty_;  // the tree with the hole empty
  bool parsed_empty_ = false;
  std::string fill_;     // that `filled_` is the tree of the text with
  std::string closers_;  // behind the fill that was asked about last
  std::optional<SyntaxTree> filled_;
  std::optional<ErrorCount> without_fills_;  // the baseline that placeholders found
  std::optional<ErrorCount> baseline_;       // the same, or what a fill's repairs lowered it to
  Parser::Clock::duration placeholder_budget_;
  Parser::Clock::duration repair_budget_;
  const bool lines_come_;  // the hole ends a text that is being written
  std::optional<HoleSurroundings> around_;
  std::optional<ViablePrefix> prefix_;  // of the text before the hole, once it is asked for
  std::size_t n_parses_ = 0;
};

}  // namespace inpaint::grammar
