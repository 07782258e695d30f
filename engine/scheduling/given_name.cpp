#include "engine/scheduling/given_name.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

// How much likelier a hole uses a name that another one has given than the model thinks. Measured on 40 files
// with marks on a name's definition and uses, and 40 with marks on three different names: at 100 10 of 30
// files agree on one name and 18 of 120 unrelated marks are right, at 1,000 17 of 32 and 15, without 3 and 18.
constexpr double kOdds = 1000.0;

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

bool gives_name(std::string_view fill, std::string_view text, std::size_t hole_end) {
  return is_name(fill) && (is_defined(text.substr(hole_end)) || !stands_in(fill, text));
}

bool takes_name(double name, double own) { return name * kOdds > own; }

}  // namespace inpaint::engine
