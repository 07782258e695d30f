#include "engine/decoding/given_name.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

// How much likelier a hole uses a name that another one has given than the model thinks. Measured on 40 files
// with marks on a name's definition and uses: at 1,000 18 of 34 files agree on one name, at 10,000 25 of 35,
// at 100,000 28 of 37, at a million 29 of 38. Of 120 marks on names that have nothing to do with one another
// 11 are right at each of them.
constexpr double kOdds = 100'000.0;

/// ASCII letters, digits and underscores, and all that is not ASCII.
bool is_word_byte(char byte) {
  const auto c = static_cast<unsigned char>(byte);
  return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view text) {
  const bool number = !text.empty() && text.front() >= '0' && text.front() <= '9';
  return !text.empty() && !number && std::ranges::all_of(text, is_word_byte);
}

bool stands_in(std::string_view name, std::string_view text) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_word_byte(text[at - 1]);
    if (begins && (end == text.size() || !is_word_byte(text[end]))) return true;
  }
  return false;
}

bool is_defined(std::string_view behind) {
  behind.remove_prefix(std::min(behind.find_first_not_of(" \t"), behind.size()));
  const bool compares = behind.starts_with("==") || behind.starts_with("=>");
  return behind.starts_with(":=") || (behind.starts_with("=") && !compares);
}

}  // namespace

std::string_view given_name(std::string_view fill, std::string_view text, std::size_t hole_end) {
  if (is_defined(text.substr(hole_end))) {
    const std::size_t begin = fill.find_last_of(' ') + 1;  // 0 where there is none
    const bool words = std::ranges::all_of(
        fill.substr(0, begin), [](char byte) { return byte == ' ' || is_word_byte(byte); });
    const std::string_view name = fill.substr(begin);
    if (words && is_name(name)) return name;
  }
  return is_name(fill) && !stands_in(fill, text) ? fill : std::string_view();
}

bool takes_name(double name, double own) { return name * kOdds > own; }

}  // namespace inpaint::engine
