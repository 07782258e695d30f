// What a user can set while the server runs, and what it may be set to.
//
// Settings come from the command line, from `initializationOptions`, and from the client (pushed or
// pulled, section "inpaint"), in this order; the later ones win, a value that is missing leaves the
// earlier one, and one that is wrong is told and leaves it too. A workspace can write such
// settings, so nothing that names a file to load or a machine to talk to is among them: a model is
// named on the command line.
//
// People write settings in many languages, through clients that know no types. What is meant is
// taken, by one rule for each kind, looser than for what clients write themselves
// (protocol/loose_json.h):
//
//   name     its letters and digits count: maxTokens, max_tokens, max-tokens, "inpaint.maxTokens"
//   nothing  null, a blank text; an empty table, but for a list
//   flag     true, 1, "true", "on", "yes", "1"; false likewise
//   number   also in quotes; where a whole one is meant, 6.0 as well
//   word     by its letters and digits, as names; where it is on or off, a flag
//   list     one element may stand alone; an empty table is an empty list; null elements are none
//
// Errors: texts for the user, one for each wrong value or unknown name: `setting: why: remedy`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "lsp/protocol/message.h"
#include "lsp/protocol/position.h"

namespace inpaint::lsp {

/// Whether a fill is also offered in the client's completion list.
enum class CompletionItems : std::uint8_t { automatic, on, off };

/// Whether what may be asked next is answered before it is asked; automatic: where there is mains power.
enum class Foresight : std::uint8_t { automatic, on, off };

struct Settings {
  bool enabled = true;  // enabled
  /// mode, maxTokens, threshold, gate, deadlineMs; and alternatives, for who asks in person.
  engine::DecodingOptions decoding = {.alternatives = 3,
                                      .deadline = std::chrono::milliseconds(2000)};
  std::chrono::milliseconds popup_deadline{40};                   // completionDeadlineMs
  CompletionItems completion_items = CompletionItems::automatic;  // completionItems
  Foresight foresight = Foresight::automatic;                     // foresight
  std::vector<std::string> languages_off;                         // languagesOff
  std::vector<std::string> excluded_files;                        // excludedFiles: more of them
  std::optional<std::chrono::minutes> snooze;                     // snooze: minutes, or true
  std::optional<PositionEncoding> encoding;                       // positionEncoding, at initialize
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Longer than any session: until it is switched off.
inline constexpr std::chrono::minutes kSnoozeForGood{60LL * 24 * 366 * 100};

struct SettingsChange {
  Settings settings;
  std::vector<std::string> problems;
  /// For the log alone: an extension may keep such settings of its own in the same section.
  std::vector<std::string> not_taken;
};

/// Whether what a client sends is ours alone (its answer to our question, its options at the
/// start), or may be the settings of all that it has.
enum class SettingsScope : std::uint8_t { ours, everybodys };

/// `base`, changed by what `given` holds: settings, or an object whose "inpaint" has them. A name
/// that is none of ours is told where it can only have been meant for us.
SettingsChange change_settings(const Settings& base, const Json& given,
                               SettingsScope scope = SettingsScope::everybodys);

}  // namespace inpaint::lsp
