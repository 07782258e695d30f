#include "lsp/bench/typist.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace inpaint::lsp {
namespace {

using grammar::ByteRange;
using std::chrono::milliseconds;

constexpr std::string_view kOpeners = "([\"'";
constexpr std::string_view kClosers = ")]\"'";

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

/// Whether what `rest` begins with is closed on its line, so that the editor's closing bracket is typed over.
bool is_closed_on_line(std::string_view rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  const char closer = kClosers[kOpeners.find(line.front())];
  if (closer == line.front()) return line.find(closer, 1) != std::string_view::npos;
  int depth = 0;
  for (const char c : line) {
    if (c == line.front()) ++depth;
    if (c == closer && --depth == 0) return true;
  }
  return false;
}

/// Where the lines of `text` begin.
std::vector<std::size_t> line_begins(std::string_view text) {
  std::vector<std::size_t> begins{0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    if (at + 1 < text.size()) begins.push_back(at + 1);
  return begins;
}

}  // namespace

Typist::Typist(std::string file, std::uint64_t seed, Habits habits)
    : habits_(habits), random_(seed), text_(std::move(file)) {
  // One stretch in each of as many equal parts of the file, from the last one on, so that what stands
  // before a stretch is where it was when that is cut out.
  const std::vector<std::size_t> begins = line_begins(text_);
  const std::size_t part = begins.size() / std::max<std::size_t>(habits_.stretches, 1);
  for (std::size_t i = part > 1 ? habits_.stretches : 0; i-- > 0;) {
    const std::size_t lines = 1 + draw(std::min(habits_.lines_of_stretch, part - 1));
    const std::size_t first = i * part + draw(part - lines);
    const std::size_t begin = begins[first];
    const std::size_t end = first + lines < begins.size() ? begins[first + lines] : text_.size();
    std::string stretch = text_.substr(begin, end - begin);
    if (stretch.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    // The line stands there, empty, when somebody begins to write.
    if (stretch.ends_with('\n')) stretch.pop_back();
    if (stretch.ends_with('\r')) stretch.pop_back();
    text_.erase(begin, stretch.size());
    for (Stretch& later : stretches_) later.begin -= stretch.size();
    stretches_.push_back({begin, std::move(stretch)});
  }
}

double Typist::draw_unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

std::size_t Typist::draw(std::size_t n) {
  return static_cast<std::size_t>(draw_unit() * static_cast<double>(n));
}

milliseconds Typist::pause_before(char next) {
  // Log-normal; the sum of uniform numbers is near enough to a normal one.
  double normal = -6.0;
  for (int i = 0; i < 12; ++i) normal += draw_unit();
  double pause = static_cast<double>(habits_.key.count()) * std::exp(0.35 * normal);
  if (!is_letter(next)) pause *= 1.4;  // a reach, or a moment's thought
  if (at_begin_)
    pause += 300.0 - 900.0 * std::log(1.0 - 0.95 * draw_unit());  // what is this line to be?
  return milliseconds(static_cast<int>(pause));
}

milliseconds Typist::reaction() { return milliseconds(250 + draw(250)); }

Keystroke Typist::applied(Keystroke key) {
  text_.replace(key.replaced.begin, key.replaced.size(), key.text);
  cursor_ = key.cursor;
  return key;
}

/// The next character of the stretch.
Keystroke Typist::typed(std::string_view character) {
  Keystroke key{.replaced = {cursor_, cursor_},
                .text = std::string(character),
                .cursor = cursor_ + character.size()};
  at_begin_ = false;
  if (!closers_.empty() && character.front() == closers_.front()) {
    key.kind = Keystroke::Kind::closes;
    key.replaced.end = cursor_ + 1;  // editors write the same character again
    closers_.erase(0, 1);
  } else if (const auto pair = kOpeners.find(character.front());
             pair != std::string_view::npos && is_closed_on_line(rest_)) {
    key.text += kClosers[pair];
    closers_.insert(0, 1, kClosers[pair]);
  }
  rest_.erase(0, character.size());
  return applied(std::move(key));
}

milliseconds Typist::pause() {
  if (wrong_ > 0) return habits_.key * 2;
  if (rest_.empty()) return milliseconds(1000 + draw(1000));  // another place
  return pause_before(rest_.front());
}

std::optional<Keystroke> Typist::next() {
  if (wrong_ > 0) {
    const std::size_t begin = cursor_ - std::exchange(wrong_, 0);
    return applied({.kind = Keystroke::Kind::deletes,
                    .replaced = {begin, cursor_},
                    .text = "",
                    .cursor = begin});
  }
  if (rest_.empty()) {
    if (stretches_.empty()) return std::nullopt;
    Stretch stretch = std::move(stretches_.back());
    stretches_.pop_back();
    for (Stretch& later : stretches_) later.begin += stretch.text.size();
    end_ = text_.size() - stretch.begin;
    rest_ = std::move(stretch.text);
    closers_.clear();
    at_begin_ = true;
    // Whoever goes to a line that is to be written finds it indented.
    const std::size_t indentation = std::min(rest_.find_first_not_of(" \t"), rest_.size());
    Keystroke leap{.kind = Keystroke::Kind::leaps,
                   .replaced = {stretch.begin, stretch.begin},
                   .text = rest_.substr(0, indentation),
                   .cursor = stretch.begin + indentation};
    rest_.erase(0, indentation);
    return applied(std::move(leap));
  }
  if (rest_.front() == '\n' || rest_.starts_with("\r\n")) {
    const std::size_t end =
        std::min(rest_.find_first_not_of(" \t", rest_.find('\n') + 1), rest_.size());
    Keystroke enter{.kind = Keystroke::Kind::enters,
                    .replaced = {cursor_, cursor_},
                    .text = rest_.substr(0, end),
                    .cursor = cursor_ + end};
    rest_.erase(0, end);
    at_begin_ = true;
    return applied(std::move(enter));
  }
  const std::size_t size = character_size(rest_);
  if (size == 1 && is_letter(rest_.front()) && draw_unit() < habits_.mistakes) {
    wrong_ = 1;
    return applied({.kind = Keystroke::Kind::mistypes,
                    .replaced = {cursor_, cursor_},
                    .text = std::string(1, static_cast<char>('a' + draw(26))),
                    .cursor = cursor_ + 1});
  }
  return typed(std::string(rest_, 0, size));
}

std::size_t Typist::worth(ByteRange replaced, std::string_view text) const {
  const std::size_t cursor = replaced.begin + text.size();
  if (wrong_ > 0 || replaced.begin > cursor_ || replaced.end < cursor_ || cursor <= cursor_)
    return 0;
  std::string next = text_;
  next.replace(replaced.begin, replaced.size(), text);
  if (cursor + end_ > next.size()) return 0;
  // In front of the cursor stands what the file says, behind it closers that are still to be typed over,
  // and then the text behind the stretch.
  const std::string_view written = std::string_view(next).substr(0, cursor);
  const std::string_view gained = written.substr(cursor_);
  const std::string_view closers =
      std::string_view(next).substr(cursor, next.size() - end_ - cursor);
  const bool is_right = written.starts_with(std::string_view(text_).substr(0, cursor_)) &&
                        rest_.starts_with(gained) && closers_.ends_with(closers);
  return is_right ? gained.size() : 0;
}

void Typist::accept(ByteRange replaced, std::string_view text) {
  const std::size_t gained = worth(replaced, text);
  text_.replace(replaced.begin, replaced.size(), text);
  cursor_ = replaced.begin + text.size();
  closers_ = text_.substr(cursor_, text_.size() - end_ - cursor_);
  rest_.erase(0, gained);
  at_begin_ = false;
}

}  // namespace inpaint::lsp
