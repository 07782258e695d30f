// A short name for what a tokenizer's ids stand for, so that weights that speak of ids are not used
// with another's.
//
// Of two tokenizers with equal fingerprints every id stands for the same bytes. Special tokens
// stand for none, and ids without bytes at the end do not count: a file may pad its vocabulary.
//
// 16 hex digits. Not against an adversary: a wrong adapter costs time and nothing else.
// Source: Fowler, Noll and Vo's hash FNV-1a, 64 bits.
// Cost:   one pass over the bytes of all tokens.
#pragma once

#include <string>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

std::string fingerprint(const Tokenizer& tokenizer);

}  // namespace inpaint::engine
