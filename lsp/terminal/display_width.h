// How many columns of a terminal a character takes: none, one or two.
//
// Needed to draw over what was drawn before: a line that is wider than the terminal takes several
// rows. Rough on purpose (whole blocks, no ligatures): a wrong guess misplaces a live view, no text.
//
// Source: Unicode 15, EastAsianWidth.txt (W and F) and the blocks of combining marks.
#pragma once

namespace inpaint::lsp {

int display_width(char32_t character);

}  // namespace inpaint::lsp
