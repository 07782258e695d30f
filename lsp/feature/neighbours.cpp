#include "lsp/feature/neighbours.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lsp/completion/window.h"
#include "lsp/document/excluded_files.h"
#include "lsp/feature/silence.h"
#include "lsp/protocol/language_id.h"

namespace inpaint::lsp {
namespace {

bool same_language(const Document& a, const Document& b, const Documents& documents) {
  const grammar::Language* language = documents.parsed(a.uri()).language();
  return language != nullptr
             ? language == documents.parsed(b.uri()).language()
             : normal_language_id(a.language_id()) == normal_language_id(b.language_id());
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

engine::SharedTexts neighbours_of(const Document& document, const Documents& documents,
                                  const Settings& settings) {
  std::vector<std::string> texts;
  for (const Document* other : documents.newest_first()) {
    if (texts.size() == kMostNeighbours) break;
    if (other == &document || !other->in_step() || other->text().empty()) continue;
    if (!same_language(document, *other, documents) || why_kept_away(*other, settings)) continue;
    if (secrecy_of(*other) != engine::Secrecy::open) continue;
    texts.push_back(shown_part(*other));
  }
  return std::make_shared<const std::vector<std::string>>(std::move(texts));
}

}  // namespace inpaint::lsp
