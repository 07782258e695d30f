// Why nothing is shown: all reasons that there are, in words, with what would change them.
//
// Whoever decides on silence says why by this type, and it goes up with the answer that shows nothing
// (Completion, then Fills), so that nobody guesses afterwards. One answer has one reason. What people
// read of it is in one table.
//
// A detail holds numbers, names of files, settings and languages, and words of ours: never text of a
// document.
//
// Thread rule: values and constants.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace inpaint::lsp {

/// In the order in which they are come to: of several fills the one that came furthest says why.
enum class SilenceReason : std::uint8_t {
  // nobody is asked
  switched_off,
  snoozed,
  out_of_step,
  huge_file,
  language_off,
  excluded_file,
  secret_file,
  unmodified,
  deletion,
  selected_lines,
  no_items,
  // nobody answers
  no_model,
  loading_cancelled,
  loading,
  failed,
  superseded,
  late,
  // what was written can not be shown
  deadline,
  nothing_written,
  repeats,
  unparsable,
  improbable,
  off_line,
};
inline constexpr int kSilenceReasons = static_cast<int>(SilenceReason::off_line) + 1;

struct Silence {
  SilenceReason reason = SilenceReason::failed;
  std::string detail = {};  // "0.21 of 0.35 needed"; may be empty
  friend bool operator==(const Silence&, const Silence&) = default;
};

struct SilenceWords {
  std::string_view id;  // a promise to scripts
  std::string_view words;
  std::string_view remedy;  // the setting or the action that would change it
};
const SilenceWords& words_of(SilenceReason reason);

/// "not probable enough: 0.21 of 0.35 needed"
std::string to_string(const Silence& silence);

}  // namespace inpaint::lsp
