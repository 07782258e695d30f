#include "lsp/document/document.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/base/utf8.h"
#include "lsp/protocol/json_repair.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string well_formed(std::string text) {
  return engine::valid_utf8_prefix(text) == text.size() ? std::move(text) : repair_utf8(text);
}

/// Whether a "\r" that begins in [from, to) has no "\n" behind it.
bool has_lone_return(std::string_view text, std::size_t from, std::size_t to) {
  for (std::size_t at = text.find('\r', from); at < to; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  }
  return false;
}

}  // namespace

Document::Document(Uri uri, std::string language_id, std::int64_t version, std::string text,
                   PositionEncoding encoding)
    : uri_(std::move(uri)),
      file_(file_of_uri(uri_)),
      language_id_(std::move(language_id)),
      version_(version),
      encoding_(encoding),
      text_(std::make_shared<std::string>(well_formed(std::move(text)))),
      lines_(*text_),
      has_lone_returns_(has_lone_return(*text_, 0, text_->size())) {}

std::optional<grammar::TextEdit> Document::apply(ContentChange change) {
  std::string text = well_formed(std::move(change.text));
  if (!change.range) {
    replace({0, text_->size()}, std::move(text));
    last_change_ = {};
    in_step_ = true;
    return std::nullopt;
  }
  assert(in_step_);
  PlaceInText start = lines_.place(*text_, change.range->start, encoding_);
  PlaceInText end = lines_.place(*text_, change.range->end, encoding_);
  if (change.range->end < change.range->start) std::swap(start, end);
  ByteRange range{start.byte, end.byte};
  // Halves of surrogate pairs that stay.
  if (start.cuts_pair) text.insert(0, kReplacement);
  if (end.cuts_pair) {
    text += kReplacement;
    range.end += engine::character_length(std::string_view(*text_).substr(range.end));
  }
  const bool deletion = text.empty() && range.size() > 0;
  const int deletions = deletion ? last_change_.deletions + 1 : 0;
  const grammar::TextEdit edit = replace(range, std::move(text));
  last_change_ = {deletion, edit.new_end, deletions};
  return edit;
}

void Document::fall_out_of_step() {
  in_step_ = false;
  ++revision_;
  last_change_ = {};
  lines_.clear();  // a line that holds all of the text fits any text, also a half changed one
  text_ = std::make_shared<std::string>();
  is_lent_ = false;
  has_lone_returns_ = false;
}

grammar::TextEdit Document::replace(ByteRange range, std::string text) {
  grammar::TextEdit edit{
      range, range.begin + text.size(), point(range.begin), point(range.end), {}};
  write(range, std::move(text));
  lines_.update(*text_, range, edit.new_end);
  // The character before may have lost its "\n".
  const std::size_t before = range.begin == 0 ? 0 : range.begin - 1;
  has_lone_returns_ = has_lone_returns_ || has_lone_return(*text_, before, edit.new_end);
  edit.new_end_point = point(edit.new_end);
  changed_ = true;
  ++revision_;
  return edit;
}

void Document::write(ByteRange range, std::string text) {
  const std::string_view old = *text_;
  if (range.size() == old.size()) {
    text_ = std::make_shared<std::string>(std::move(text));
  } else if (is_lent_) {
    auto written = std::make_shared<std::string>();
    written->reserve(old.size() - range.size() + text.size());
    written->append(old.substr(0, range.begin)).append(text).append(old.substr(range.end));
    text_ = std::move(written);
  } else {
    text_->replace(range.begin, range.size(), text);
  }
  is_lent_ = false;
}

grammar::TextPoint Document::point(std::size_t byte) const {
  if (has_lone_returns_) return grammar::advanced({}, std::string_view(*text_).substr(0, byte));
  const std::size_t line = lines_.line_of(byte);
  return {line, byte - lines_.line(*text_, line).begin};
}

Snapshot Document::snapshot() const {
  is_lent_ = true;
  return text_;
}

}  // namespace inpaint::lsp
