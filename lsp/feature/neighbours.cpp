#include "lsp/feature/neighbours.h"

#include "lsp/completion/window.h"
#include "lsp/document/excluded_files.h"
#include "lsp/feature/silence.h"

namespace inpaint::lsp {
namespace {

bool same_language(const Document& a, const Document& b, const Documents& documents) {
  const grammar::Language* language = documents.parsed(a.uri()).language();
  return language != nullptr ? language == documents.parsed(b.uri()).language()
                             : a.language_id() == b.language_id();
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
    if (!same_language(document, *other, documents) || why_kept_away(*other, settings)) continue;
    if (secrecy_of(*other) != engine::Secrecy::open) continue;
    texts.push_back(shown_part(*other));
  }
  return texts;
}

}  // namespace inpaint::lsp
