#include "lsp/session/document.h"

#include <algorithm>
#include <utility>

#include "lsp/completion/utf8.h"
#include "lsp/protocol/json_repair.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string well_formed(std::string_view text) {
  return valid_utf8_prefix(text) == text.size() ? std::string(text) : repair_utf8(text);
}

}  // namespace

Document::Document(std::string uri, std::string language_id, std::int64_t version,
                   std::string_view text, PositionEncoding encoding)
    : uri_(std::move(uri)),
      language_id_(std::move(language_id)),
      version_(version),
      encoding_(encoding),
      text_(well_formed(text)),
      lines_(text_) {}

void Document::apply(const ContentChange& change) {
  std::string text = well_formed(change.text);
  if (!change.range) {
    replace({0, text_.size()}, text);
    last_change_ = {};
    return;
  }
  PlaceInText start = lines_.place(text_, change.range->start, encoding_);
  PlaceInText end = lines_.place(text_, change.range->end, encoding_);
  if (change.range->end < change.range->start) std::swap(start, end);
  ByteRange range{start.byte, end.byte};
  // Halves of surrogate pairs that stay.
  if (start.cuts_pair) text.insert(0, kReplacement);
  if (end.cuts_pair) {
    text += kReplacement;
    range.end += character_length(std::string_view(text_).substr(range.end));
  }
  const bool deletion = text.empty() && range.size() > 0;
  const int deletions = deletion ? last_change_.deletions + 1 : 0;
  replace(range, text);
  last_change_ = {deletion, range.begin + text.size(), deletions};
}

void Document::replace(ByteRange range, std::string_view text) {
  text_.replace(range.begin, range.size(), text);
  lines_.update(text_, range, range.begin + text.size());
  changed_ = true;
  ++revision_;
  snapshot_.reset();
}

Snapshot Document::snapshot() const {
  if (!snapshot_) snapshot_ = std::make_shared<const std::string>(text_);
  return snapshot_;
}

}  // namespace inpaint::lsp
