#include "lsp/session/neighbours.h"

#include <algorithm>

#include "lsp/completion/window.h"
#include "lsp/protocol/uri.h"
#include "lsp/session/document_kind.h"
#include "lsp/session/excluded_files.h"

namespace inpaint::lsp {
namespace {

bool same_language(const Document& a, const Document& b) {
  const grammar::Language* language = language_of(a);
  return language != nullptr ? language == language_of(b) : a.language_id() == b.language_id();
}

/// A setting may keep Inpaint away from a file altogether.
bool may_be_read(const Document& document, const Settings& settings) {
  return std::ranges::find(settings.languages_off, document.language_id()) ==
             settings.languages_off.end() &&
         !is_excluded_file(path_of_uri(document.uri()).generic_string(), settings.excluded_files);
}

std::string shown_part(const Document& document) {
  constexpr WindowLimits kLimits{
      .before = kNeighbourBytes / 3 * 2, .after = kNeighbourBytes / 3, .step = 4096};
  const std::string& text = document.text();
  if (text.size() <= kNeighbourBytes) return text;
  const std::size_t byte = document.changed() ? document.last_change().byte : 0;
  const ByteRange window = cut_window(text, {byte, byte}, kLimits);
  return text.substr(window.begin, window.size());
}

}  // namespace

std::vector<std::string> neighbours_of(const Document& document, const Documents& documents,
                                       const Settings& settings) {
  std::vector<std::string> texts;
  for (const Document* other : documents.newest_first()) {
    if (texts.size() == kMostNeighbours) break;
    if (other == &document || other->text().empty()) continue;
    if (!same_language(document, *other) || !may_be_read(*other, settings)) continue;
    texts.push_back(shown_part(*other));
  }
  return texts;
}

}  // namespace inpaint::lsp
