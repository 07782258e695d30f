#include "lsp/feature/silence.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "lsp/document/excluded_files.h"
#include "lsp/protocol/language_id.h"

namespace inpaint::lsp {
namespace {

/// So many deletions in a row are a search for another text.
constexpr int kManyDeletions = 3;

}  // namespace

std::optional<Silence> why_silent(const Document& document, const Settings& settings, bool snoozing,
                                  const Asked& asked) {
  using enum SilenceReason;
  if (!settings.enabled) return Silence{switched_off};
  if (snoozing) return Silence{snoozed};
  if (!document.in_step()) return Silence{out_of_step};
  if (const std::size_t size = document.text().size(); size > kHugeFile)
    return Silence{huge_file, fmt::format("{} bytes of at most {}", size, kHugeFile)};
  if (const auto why = why_kept_away(document, settings)) return why;
  if (asked.in_person) return std::nullopt;
  if (!document.changed()) return Silence{unmodified};
  const LastChange& last = document.last_change();
  if (last.deletion && last.deletions < kManyDeletions && last.byte == asked.cursor) {
    return Silence{deletion};
  }
  return std::nullopt;
}

std::optional<Silence> why_kept_away(const Document& document, const Settings& settings) {
  using enum SilenceReason;
  const std::string language = normal_language_id(document.language_id());
  if (std::ranges::find(settings.languages_off, language, normal_language_id) !=
      settings.languages_off.end()) {
    return Silence{language_off, document.language_id()};
  }
  const DocumentFile& file = document.file();
  for (const std::string& name : {file.path, file.target})
    if (const std::string* pattern = pattern_of(name, settings.excluded_files))
      return Silence{excluded_file, *pattern};
  if (secrecy_of(document) == engine::Secrecy::secret) return Silence{secret_file};
  return std::nullopt;
}

}  // namespace inpaint::lsp
