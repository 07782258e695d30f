// Source code made from a seed, for tests that need much of it and always the same.
//
// It has what a layout of prompts can trip over: indentation, both kinds of line ends, empty lines,
// letters outside of ASCII, a line that is longer than any window, text that looks like a special
// token.
#pragma once

#include <cstdint>
#include <iterator>
#include <random>
#include <string>

namespace inpaint::engine {

/// At least `size` bytes; the same on every machine.
inline std::string made_source(std::uint64_t seed, std::size_t size) {
  static constexpr const char* kPieces[] = {"def ",
                                            "area",
                                            "(width, height)",
                                            ":\n    ",
                                            "return ",
                                            "width * height",
                                            "\n",
                                            "\n\n",
                                            "\n        ",
                                            "if x < 0",
                                            " = ",
                                            "value_",
                                            "17",
                                            "\"caf\xC3\xA9\"",
                                            "# \xE6\xBC\xA2\xE5\xAD\x97",
                                            "\r\n",
                                            "\r\n    ",
                                            "self.",
                                            "items[i]",
                                            ", ",
                                            "<mask>",
                                            "}",
                                            "{ ",
                                            "for (int i = 0; i < n; ++i)",
                                            "\t\t",
                                            "                                ",
                                            "_name"};
  std::mt19937_64 random(seed);
  std::string text;
  while (text.size() < size) {
    text += kPieces[random() % std::size(kPieces)];
    if (random() % 400 == 0) text += std::string(random() % 3000, 'x') + ";";
  }
  return text;
}

}  // namespace inpaint::engine
