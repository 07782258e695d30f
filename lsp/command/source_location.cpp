#include "lsp/command/source_location.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "engine/base/utf8.h"
#include "grammar/base/text_lines.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using grammar::count_lines;
using grammar::Line;
using grammar::line_at;
using grammar::text_begin;

std::optional<std::size_t> to_number(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::size_t>::max();
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// Takes ":NUMBER" off the end of `rest`.
std::optional<std::size_t> take_number(std::string_view& rest) {
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto number = to_number(rest.substr(colon + 1));
  if (number) rest = rest.substr(0, colon);
  return number;
}

std::string range_to(std::size_t last, std::string_view unit) {
  if (last == 1) return "it has only " + std::string(unit) + " 1";
  return "it has " + std::string(unit) + "s 1 to " + std::to_string(last);
}

}  // namespace

engine::Result<SourceLocation> parse_location(std::string_view argument) {
  std::string_view rest = argument;
  if (rest.ends_with(':')) rest.remove_suffix(1);  // as compilers write it: "a.py:3:12: error"
  const auto column = take_number(rest);
  const auto line = column ? take_number(rest) : std::nullopt;
  if (!column || !line || rest.empty()) {
    return failure(ErrorCode::bad_argument, std::string(argument),
                   "not of the form FILE:LINE:COLUMN",
                   "name a place such as src/area.py:3:12, line and column from 1");
  }
  return SourceLocation{std::filesystem::path(rest), *line, *column};
}

engine::Result<std::size_t> find_byte(std::string_view text, const SourceLocation& location) {
  const std::string file = location.file.string();
  const std::size_t n_lines = count_lines(text);
  if (location.line < 1 || location.line > n_lines) {
    return failure(ErrorCode::bad_argument, file,
                   "there is no line " + std::to_string(location.line) + ", " +
                       range_to(n_lines, "line"),
                   "give a line of the file, counted from 1");
  }
  Line line = line_at(text, text_begin(text));
  for (std::size_t number = 1; number < location.line; ++number) line = line_at(text, line.next);

  const std::string_view content = text.substr(line.begin, line.end - line.begin);
  const std::size_t n_columns = engine::count_characters(content) + 1;
  if (location.column < 1 || location.column > n_columns) {
    return failure(ErrorCode::bad_argument, file + ":" + std::to_string(location.line),
                   "there is no column " + std::to_string(location.column) + ", " +
                       range_to(n_columns, "column"),
                   "give a column of the line, counted in characters from 1");
  }
  std::size_t byte = line.begin;
  for (std::size_t column = 1; column < location.column; ++column) {
    byte += engine::character_length(text.substr(byte));
  }
  return byte;
}

}  // namespace inpaint::lsp
