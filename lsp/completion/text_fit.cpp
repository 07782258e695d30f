#include "lsp/completion/text_fit.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "grammar/base/text_lines.h"
#include "grammar/hole/empty_body.h"
#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::lsp {
namespace {

using grammar::is_blank;

constexpr std::size_t kStyleLines = 1000;  // read on each side of the hole
constexpr int kTabWidth = 8;               // columns a model takes a tab for, where it mixes both
constexpr std::size_t kTellingLine = 8;    // bytes; shorter lines repeat for good reasons
constexpr std::size_t kLongLine = 4096;    // bytes; what is longer is not compared
constexpr std::size_t kTellingWord = 2;

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == '\n' || text.front() == '\r'))
    text.remove_prefix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// Each line with its line end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t size = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::size_t blanks_before(std::string_view line) {
  return static_cast<std::size_t>(
      std::ranges::find_if_not(line, [](char c) { return is_blank(c); }) - line.begin());
}

/// The bytes of a name in most languages; what is beyond ASCII counts as a letter.
bool is_word(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string indented(std::string_view blanks, const LineStyle& style) {
  int columns = 0;
  for (const char c : blanks) columns += c == '\t' ? kTabWidth : 1;
  const bool has_tabs = blanks.contains('\t');
  const bool has_spaces = blanks.contains(' ');
  if (style.tabs == has_tabs && style.tabs != has_spaces) return std::string(blanks);
  if (columns == 0) return {};
  if (style.tabs) {  // a model that was shown tabs and writes spaces means levels of four
    return std::string(static_cast<std::size_t>((columns + 3) / 4), '\t');
  }
  std::string spaces;
  for (const char c : blanks)
    spaces += c == '\t' ? std::string(static_cast<std::size_t>(style.width), ' ') : " ";
  return spaces;
}

bool has_letters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return is_word(c) && (c < '0' || c > '9'); });
}

/// With its indentation, and without its end.
std::string_view first_line_with_text(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = first_line(text);
    if (!trimmed(line).empty()) return line;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

std::string_view last_line_with_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t newline = text.rfind('\n');
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    if (!trimmed(text.substr(begin)).empty()) return text.substr(begin);
    text = text.substr(0, begin == 0 ? 0 : newline);
  }
  return {};
}

}  // namespace

LineStyle line_style(std::string_view text, std::size_t byte) {
  LineStyle style;
  std::size_t begin = byte;
  for (std::size_t n = 0; n < kStyleLines && begin > 0; ++n) {
    const std::size_t newline = text.rfind('\n', begin - 1);
    begin = newline == std::string_view::npos ? 0 : newline;
  }
  std::size_t n_lines = 0;
  std::size_t n_crlf = 0;
  std::size_t n_tabs = 0;
  std::size_t n_spaces = 0;
  std::array<std::size_t, 9> steps{};  // how often a line is so much deeper than the one above
  std::size_t above = 0;
  for (const std::string_view line : lines_of(text.substr(begin))) {
    if (++n_lines > 2 * kStyleLines) break;
    if (line.ends_with("\r\n")) ++n_crlf;
    const std::size_t blanks = blanks_before(line);
    if (blanks == without_line_end(line).size()) continue;
    if (line.front() == '\t') {
      ++n_tabs;
      continue;
    }
    if (blanks > 1) ++n_spaces;
    if (blanks > above && blanks - above < steps.size()) ++steps[blanks - above];
    above = blanks;
  }
  if (2 * n_crlf > n_lines) style.newline = "\r\n";
  style.tabs = n_tabs > n_spaces;
  steps[1] = 0;  // alignment, not a level
  const auto most = std::ranges::max_element(steps);
  if (*most > 0) style.width = static_cast<int>(most - steps.begin());
  return style;
}

std::string in_style(std::string_view fill, const LineStyle& style, HoleEdges edges) {
  std::string out;
  const std::vector<std::string_view> lines = lines_of(fill);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = without_line_end(lines[i]);
    const bool has_end = lines[i].ends_with('\n');
    if (has_end || !edges.text_behind)
      while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    if (i > 0 || edges.begins_line) {
      const std::size_t blanks = blanks_before(line);
      out += indented(line.substr(0, blanks), style);
      line.remove_prefix(blanks);
    }
    out += line;
    if (has_end) out += style.newline;
  }
  return out;
}

std::string_view trim_suffix_overlap(std::string_view fill, std::string_view before,
                                     std::string_view behind) {
  // Whole lines: the longest run at the end of the fill that is how the text behind goes on.
  const std::vector<std::string_view> lines = lines_of(fill);
  std::vector<std::string_view> next;
  for (const std::string_view line : lines_of(behind.substr(0, fill.size() * 2 + 1024))) {
    if (!trimmed(line).empty()) next.push_back(trimmed(line));
    if (next.size() == lines.size()) break;
  }
  for (std::size_t n = std::min(lines.size() - std::min<std::size_t>(1, lines.size()), next.size());
       n > 0; --n) {
    const std::size_t from = lines.size() - n;
    std::size_t telling = 0;
    bool same = true;
    for (std::size_t i = 0; i < n && same; ++i) {
      same = trimmed(lines[from + i]) == next[i];
      telling += next[i].size();
    }
    if (!same || telling < kTellingLine) continue;
    const std::size_t size = static_cast<std::size_t>(lines[from].data() - fill.data());
    return without_line_end(fill.substr(0, size));
  }
  // The rest of the line, from the word on that the cursor stands in.
  const bool in_word =
      !before.empty() && !behind.empty() && is_word(before.back()) && is_word(behind.front());
  const std::string_view rest = first_line(behind.substr(0, fill.size()));
  for (std::size_t n = rest.size(); n >= (in_word ? kTellingWord : kTellingLine); --n) {
    const std::string_view said = rest.substr(0, n);
    if (fill.ends_with(said) &&
        (in_word || (trimmed(said).size() >= kTellingLine && has_letters(said))))
      return fill.substr(0, fill.size() - n);
  }
  return fill;
}

std::string_view within_body(std::string_view fill, std::string_view before,
                             const grammar::Language& language) {
  const std::vector<std::string_view> above = lines_of(before);
  const bool begins_line = before.empty() || before.back() == '\n';
  std::size_t least =
      std::string_view::npos;  // of the lines between the hole and what opens the body
  std::optional<std::size_t> opener;
  for (auto line = above.rbegin(); line != above.rend() && !opener; ++line) {
    const std::string_view words = without_line_end(*line);
    if (trimmed(words).empty()) continue;
    const std::size_t indent = grammar::indent_at(words, 0);
    if (indent < least && grammar::opens_body(language, words)) opener = indent;
    least = std::min(least, indent);
  }
  if (!opener) return fill;
  const std::vector<std::string_view> lines = lines_of(fill);
  for (std::size_t i = begins_line ? 0 : 1; i < lines.size(); ++i) {
    if (trimmed(lines[i]).empty() || grammar::indent_at(lines[i], 0) > *opener) continue;
    return without_line_end(
        fill.substr(0, static_cast<std::size_t>(lines[i].data() - fill.data())));
  }
  return fill;
}

std::string_view without_circles(std::string_view fill) {
  const std::vector<std::string_view> lines = lines_of(fill);
  for (std::size_t begin = 0; begin < lines.size(); ++begin)
    for (std::size_t period = 1; begin + 3 * period <= lines.size() && period <= 4; ++period) {
      bool circles = true;
      std::size_t telling = 0;
      for (std::size_t i = begin; i + period < begin + 3 * period && circles; ++i) {
        circles = trimmed(lines[i]) == trimmed(lines[i + period]);
        telling += trimmed(lines[i]).size();
      }
      if (!circles || telling < kTellingLine) continue;
      const std::string_view last = lines[begin + period - 1];
      return without_line_end(
          fill.substr(0, static_cast<std::size_t>(last.data() + last.size() - fill.data())));
    }
  return fill;
}

bool repeats_neighbour(std::string_view fill, std::string_view before, std::string_view behind) {
  const std::string_view written = trimmed(fill);
  if (written.size() < kTellingLine || written.contains('\n')) return false;
  const std::size_t newline = before.rfind('\n');
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view typed = before.substr(begin);
  const std::string_view rest = first_line(behind.substr(0, kLongLine));
  if (typed.size() + fill.size() + rest.size() >= kLongLine) return false;
  const std::string whole = std::string(typed).append(fill).append(rest);
  const auto is_said_by = [&](std::string_view neighbour) {
    // A line that was begun repeats one that is indented alike; tables of numbers and rules may come twice.
    if (!is_blank(typed) || !trimmed(rest).empty())
      return has_letters(written) && trimmed(neighbour) == trimmed(whole) &&
             blanks_before(neighbour) == blanks_before(whole);
    return trimmed(neighbour) == written;
  };
  return is_said_by(last_line_with_text(before.substr(0, begin))) ||
         is_said_by(first_line_with_text(behind.substr(rest.size())));
}

bool repeats_word(std::string_view fill, std::string_view before) {
  constexpr auto kNeverTwice = std::to_array<std::string_view>(
      {"abstract", "async",     "case",   "class",  "const",  "def",     "enum",      "export",
       "extends",  "final",     "fn",     "for",    "from",   "func",    "function",  "if",
       "import",   "interface", "let",    "mut",    "new",    "private", "protected", "pub",
       "public",   "readonly",  "return", "static", "struct", "throw",   "var",       "while"});
  const std::size_t end = before.find_last_not_of(" \t");
  if (end == std::string_view::npos || end + 1 == before.size()) return false;  // a part of a word
  std::size_t begin = end + 1;
  while (begin > 0 && is_word(before[begin - 1])) --begin;
  const std::string_view word = before.substr(begin, end + 1 - begin);
  if (std::ranges::find(kNeverTwice, word) == kNeverTwice.end()) return false;
  if (!fill.starts_with(word)) return false;
  fill.remove_prefix(word.size());
  return fill.empty() || grammar::is_blank(fill.front()) || fill.front() == '\n';
}

bool is_empty_comment(std::string_view fill, const grammar::Language* language) {
  const std::string_view mark = grammar::lexical_rules(language).line_comment;
  const std::string_view text = trimmed(fill);
  return !mark.empty() && text.starts_with(mark) &&
         text.find_first_not_of("/#*!-", mark.size()) == std::string_view::npos;
}

}  // namespace inpaint::lsp
