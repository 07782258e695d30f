// What the micro-benchmarks work on: the project's own tokenizer, and its own source code as text.
#pragma once

#include <filesystem>
#include <string>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::benchmarks {

/// engine/mini/tokenizer.json. Ends the program, with the reason, where it cannot be read.
engine::Tokenizer mini_tokenizer();

/// Source files of the tree in the order of their names, one behind the other, cut to `bytes`.
std::string source_text(std::size_t bytes);

}  // namespace inpaint::benchmarks
