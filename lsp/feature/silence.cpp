#include "lsp/feature/silence.h"

#include <algorithm>
#include <string>

#include "lsp/document/excluded_files.h"
#include "lsp/protocol/language_id.h"

namespace inpaint::lsp {
namespace {

/// So many deletions in a row are a search for another text.
constexpr int kManyDeletions = 3;

}  // namespace

std::optional<std::string_view> why_silent(const Document& document, const Settings& settings,
                                           bool snoozing, const Asked& asked) {
  if (!settings.enabled) return "switched off";
  if (snoozing) return "snoozing";
  if (!document.in_step()) return "a document that has missed a change";
  if (document.text().size() > kHugeFile) return "a huge file";
  if (const auto why = why_kept_away(document, settings)) return why;
  if (asked.in_person) return std::nullopt;
  if (!document.changed()) return "an unmodified buffer";
  const LastChange& last = document.last_change();
  if (last.deletion && last.deletions < kManyDeletions && last.byte == asked.cursor) {
    return "a deletion";
  }
  return std::nullopt;
}

std::optional<std::string_view> why_kept_away(const Document& document, const Settings& settings) {
  const std::string language = normal_language_id(document.language_id());
  if (std::ranges::find(settings.languages_off, language, normal_language_id) !=
      settings.languages_off.end()) {
    return "a language that is switched off";
  }
  const DocumentFile& file = document.file();
  if (is_named_by(file.path, settings.excluded_files) ||
      is_named_by(file.target, settings.excluded_files) ||
      secrecy_of(document) == engine::Secrecy::secret) {
    return "an excluded file";
  }
  return std::nullopt;
}

}  // namespace inpaint::lsp
