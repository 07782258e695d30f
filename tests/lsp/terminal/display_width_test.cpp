#include "lsp/terminal/display_width.h"

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct WidthCase {
  char32_t character;
  int width;
};

const WidthCase kWidths[] = {
    {U'a', 1},      {U'é', 1},      {U'€', 1},      {U'░', 1},
    {U'\u0301', 0}, {U'\u200D', 0}, {U'\uFE0F', 0}, {U'日', 2},
    {U'한', 2},     {U'ｱ', 1},      {U'Ａ', 2},     {U'😀', 2},
    {U'𠀀', 2},     {U'\u02FF', 1}, {U'\u0370', 1}, {U'\U0010FFFF', 1},
};

TEST(DisplayWidth, OfCharacters) {
  for (const WidthCase& c : kWidths) {
    EXPECT_EQ(display_width(c.character), c.width)
        << std::hex << static_cast<unsigned>(c.character);
  }
}

}  // namespace
}  // namespace inpaint::lsp
