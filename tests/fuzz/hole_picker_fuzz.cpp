// Any bytes may come as a source file of any language: parsing, counting and picking must hold
// their promises on all of them. The first byte chooses the language, the next eight the picker's
// seed.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string_view>

#include "grammar/hole/hole_picker.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace grammar = inpaint::grammar;
  if (size < 9) return 0;
  const auto languages = grammar::languages();
  const grammar::Language& language = languages[data[0] % languages.size()];
  std::uint64_t seed = 0;
  std::memcpy(&seed, data + 1, sizeof seed);
  const std::string_view text(reinterpret_cast<const char*>(data) + 9, size - 9);

  const auto tree = grammar::SyntaxTree::parse(language, text);
  check(tree.has_value());
  check(tree->errors().bytes <= text.size());
  std::mt19937_64 random(seed);
  for (int i = 0; i < 8; ++i) {
    const auto hole =
        grammar::pick_hole(i % 2 == 0 ? &*tree : nullptr, text, {0, text.size()}, 200, random);
    if (!hole) continue;
    check(hole->range.begin <= hole->range.end && hole->range.end <= text.size());
    check(hole->range.size() <= 200);
  }
  return 0;
}
