// Names that one hole gives to something, for other holes to use.
//
// A fill gives a name where a definition follows it (`= …`, `:= …`), also behind words that say what it is
// (`mut total`); and where it is no more than a name that stands nowhere in the text: it would be used
// nowhere, unless in another hole. There it is worth more than the model thinks, which repeats what it has
// read rather than what it has just written.
//
// Units: bytes. Cost: O(text).
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::engine {

/// Of `fill` in the hole that ends in front of text[hole_end]; a part of it, or nothing.
std::string_view given_name(std::string_view fill, std::string_view text, std::size_t hole_end);

/// Whether a hole takes a name, which the model finds probable by `name`, instead of its own fill.
bool takes_name(double name, double own);

}  // namespace inpaint::engine
