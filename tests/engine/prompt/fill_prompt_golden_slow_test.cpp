// Prompts of fill requests, as they were when the shipped weights were measured: the parts of a
// file at any cursor, with any budget, other holes, snippets and an anchor of before.
#include <random>

#include <gtest/gtest.h>

#include "engine/prompt/fill_prompt.h"
#include "tests/engine/digest.h"
#include "tests/engine/made_source.h"
#include "tests/engine/prompt/prompt_fixture.h"

namespace inpaint::engine {
namespace {

using FillPromptGolden = PromptTest;

std::size_t character_begin(const std::string& text, std::size_t byte) {
  while (byte > 0 && byte < text.size() &&
         (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U)
    --byte;
  return byte;
}

FillRequest made_request(std::uint64_t seed, std::size_t most_bytes, bool with_snippets) {
  std::mt19937_64 random(seed);
  FillRequest request;
  request.path = seed % 3 == 0 ? "a.py"
                               : "some/where/d\xC3\xA9"
                                 "ep/area.py";
  request.text = made_source(seed, 1 + random() % most_bytes);
  std::size_t at = random() % (request.text.size() + 1);
  for (std::size_t n = seed % 2 == 0 ? 1 : 1 + random() % 4; n > 0; --n) {
    const std::size_t begin = character_begin(request.text, at);
    at = std::min(request.text.size(), begin + (random() % 2 == 0 ? 0 : random() % 200));
    const std::size_t end = std::max(begin, character_begin(request.text, at));
    request.holes.push_back({.range = {begin, end}});
    at = std::min(request.text.size(), end + random() % 300);
  }
  if (with_snippets)
    for (std::size_t n = random() % 4; n > 0; --n)
      request.snippets.push_back({"lib/other.py", made_source(seed + n, random() % 3'000)});
  return request;
}

void type_before_first_hole(FillRequest& request, std::string_view typed) {
  request.text.insert(request.holes.front().range.begin, typed);
  for (Hole& hole : request.holes)
    hole.range = {hole.range.begin + typed.size(), hole.range.end + typed.size()};
}

struct Requests {
  const char* name;
  std::size_t most_bytes;
  int budget;
  bool snippets;
  std::uint64_t digest;
};

TEST_F(FillPromptGolden, PromptsAreWhatTheShippedWeightsWereMeasuredWith) {
  const Requests rows[] = {
      {"small files", 1'500, 512, false, 0xd019a9eabfcb627c},
      {"files larger than the window", 60'000, 512, false, 0x5ac852fce75118c3},
      {"with snippets", 6'000, 512, true, 0xb97f94c99a19f87},
      {"a small budget", 6'000, 100, true, 0xf6d71a2c4ffce613},
      {"a large budget", 60'000, 2'048, true, 0x9648222e4487d0a6},
  };
  for (const Requests& row : rows) {
    Digest digest;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      FillRequest request = made_request(seed, row.most_bytes, row.snippets);
      std::optional<std::size_t> anchor;
      for (int key = 0; key < 6; ++key) {  // typed on, with the anchor of the key before
        const Prompt laid = prompt(request, row.budget, anchor);
        digest.add_all(laid.tokens);
        digest.add(std::uint64_t{laid.anchor_from_end});
        anchor = laid.anchor_from_end;
        type_before_first_hole(request, key % 3 == 2 ? "\n    " : "(x1");
      }
    }
    EXPECT_EQ(digest.value(), row.digest) << row.name << std::hex << " 0x" << digest.value();
  }
}

}  // namespace
}  // namespace inpaint::engine
