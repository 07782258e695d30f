#include "lsp/bench/bench_text.h"

#include <algorithm>

namespace inpaint::lsp {

std::string join_lines(std::span<const std::string> lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<BenchPlace> bench_places(std::string_view text) {
  std::vector<BenchPlace> places;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t words = line.find_first_not_of(" \t");
    const bool plain =
        std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 128; });
    if (plain && words != std::string_view::npos && line.size() - words >= 24)
      places.push_back({begin + words, end});
    begin = end + 1;
  }
  return places;
}

std::string text_without(std::string_view text, std::size_t cursor, std::size_t line_end) {
  return std::string(text.substr(0, cursor)).append(text.substr(line_end));
}

bool Typing::type(std::size_t characters) {
  if (cursor() + characters < places_[at_].end) {
    typed_ += characters;
    return true;
  }
  at_ = (at_ + 1) % places_.size();
  typed_ = 0;
  return false;
}

std::string Typing::text() const { return text_without(text_, cursor(), places_[at_].end); }

}  // namespace inpaint::lsp
