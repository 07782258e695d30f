#include "engine/prompt/fill_prompt.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/prompt/prompt_fixture.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;

struct LayOutCase {
  const char* name;
  const char* marked;
  const char* expect;  // behind "<file>a.py"
};
const LayOutCase kLayOutCases[] = {
    {"the hole's line and the next are near, the rest is far", "a = ^\nb\nc\n",
     "<far>\nc\n<prefix>a = <near>\nb"},
    {"what stands in a hole is not shown", "a = [[secret]]\nb\nc\n",
     "<far>\nc\n<prefix>a = <near>\nb"},
    {"no text at all", "^", "<far><prefix><near>"},
    {"a hole at the begin", "^a\nb\nc", "<far>\nc<prefix><near>a\nb"},
    {"a hole at the end", "a\nb^", "<far><prefix>a\nb<near>"},
    {"a hole on the last line", "a\nb^\n", "<far>\n<prefix>a\nb<near>"},
    {"a hole that is everything", "[[a\nb\n]]", "<far><prefix><near>"},
    {"a hole on an empty line", "a\n^\nb\nc\n", "<far>\nc\n<prefix>a\n<near>\nb"},
    {"line ends of two bytes", "a = ^\r\nb\r\nc\r\n", "<far>\r\nc\r\n<prefix>a = <near>\r\nb"},
    {"indentation belongs to the far line", "if a:\n    b = ^\n    c\n    d\n",
     "<far>\n    d\n<prefix>if a:\n    b = <near>\n    c"},
    {"later holes by their numbers", "x = [[1]]\ny = [[2]]\nz = [[3]]\nend\n",
     "<far>\nz = <hole_2>\nend\n<prefix>x = <near>\ny = <hole_1>"},
    {"an insertion at the anchor is shown once", "f(^)\ng()^\nh()\n",
     "<far>\nh()\n<prefix>f(<near>)\ng()<hole_1>"},
    {"a hole that begins at the anchor is far", "f(^)\ng()[[\nh()]]\n",
     "<far><hole_1>\n<prefix>f(<near>)\ng()"},
    {"a hole that ends at the anchor is near", "f(^)\ng[[()]]\nh()\n",
     "<far>\nh()\n<prefix>f(<near>)\ng<hole_1>"},
    {"the anchor never cuts a hole", "a^\nb [[x\n\n\n]] c\nd",
     "<far> c\nd<prefix>a<near>\nb <hole_1>"},
    {"holes that touch", "a[[b]][[c]]d\n", "<far>\n<prefix>a<near><hole_1>d"},
    {"holes in one place", "a^^^b", "<far><prefix>a<near><hole_1><hole_2>b"},
    {"a hole at the end of the text behind another", "a^\nb\nc^",
     "<far>\nc<hole_1><prefix>a<near>\nb"},
};

TEST_F(PromptTest, LaysOut) {
  for (const LayOutCase& c : kLayOutCases)
    EXPECT_EQ(text(prompt(marked_request(c.marked))), std::string("<file>a.py") + c.expect)
        << c.name;
}

TEST_F(PromptTest, SnippetsStandInFrontWithTheirPaths) {
  FillRequest request = marked_request("a^\n");
  request.snippets = {{"one/two/three/four.py", "import x"}, {"b.py", ""}};
  EXPECT_EQ(text(prompt(request)),
            "<file>a.py<snippet>two/three/four.pyimport x<snippet>b.py<far>\n<prefix>a<near>");
}

TEST_F(PromptTest, TextThatLooksLikeASpecialTokenIsText) {
  FillRequest request = marked_request("<near><mask>^<end>\n<hole_1>", "<file>.py");
  request.snippets = {{"<far>", "<prefix><fill_0>"}};
  const Prompt laid = prompt(request);
  std::vector<TokenId> special;
  for (const TokenId token : laid.tokens)
    if (tokenizer_.is_special(token)) special.push_back(token);
  EXPECT_THAT(special, ElementsAre(special_.file, special_.snippet, special_.far, special_.prefix,
                                   special_.near));
  EXPECT_EQ(text(laid), "<file><file>.py<snippet><far><prefix><fill_0><far>\n<hole_1><prefix><near>"
                        "<mask><near><end>");
}

/// Random text of short lines without the letter Q, some of it not ASCII.
std::string random_text(std::mt19937_64& random, std::size_t size) {
  const char* pieces[] = {"alpha",   " = ",    "\n",       "\n    ", "(",       ")",
                          "x",       "\r\n",   "\xC3\xA9", "0x1f",   " ",       "\xE6\xBC\xA2",
                          "return ", "<mask>", "\n\n",     "_name",  "        "};
  std::string text;
  while (text.size() < size) text += pieces[random() % std::size(pieces)];
  return text;
}

/// Holes at random places, filled with the letter Q. `stand_ins` becomes the text with each hole's
/// name.
FillRequest random_request(std::mt19937_64& random, std::size_t size, std::string& stand_ins) {
  FillRequest request;
  const std::size_t n_holes = 1 + random() % 4;
  for (std::size_t j = 0; j < n_holes; ++j) {
    const std::string piece = random_text(random, random() % (1 + size / n_holes));
    request.text += piece;
    stand_ins += piece + "<hole_" + std::to_string(j) + ">";
    const std::size_t begin = request.text.size();
    request.text += std::string(random() % 3 == 0 ? 0 : random() % 400, 'Q');
    request.holes.push_back({.range = {begin, request.text.size()}});
  }
  const std::string rest = random_text(random, random() % (1 + size / n_holes));
  request.text += rest;
  stand_ins += rest;
  request.path =
      random() % 2 == 0 ? "a.py" : "some/very/long_path_of/components_that_take/many_tokens.py";
  for (std::size_t i = random() % 4; i > 0; --i)
    request.snippets.push_back({"other.py", random_text(random, random() % 2000)});
  return request;
}

TEST_F(PromptTest, TheBudgetIsKeptAndNoHoleIsShownOrRepeated) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::string ignored;
    const FillRequest request = random_request(random, 1 + random() % 6000, ignored);
    const int budget = 8 + static_cast<int>(random() % (seed % 2 == 0 ? 100 : 1000));
    std::optional<std::size_t> anchor;
    if (random() % 2 == 0) anchor = random() % (request.text.size() + 10);
    const Prompt laid = prompt(request, budget, anchor);
    EXPECT_LE(laid.tokens.size(), static_cast<std::size_t>(budget));
    EXPECT_EQ(text(laid).find('Q'), std::string::npos);

    std::vector<TokenId> order;
    std::vector<TokenId> holes;  // near ones first, as in the document
    for (const TokenId token : laid.tokens) {
      if (!tokenizer_.is_special(token) || token == special_.snippet) continue;
      if (std::ranges::count(special_.hole, token) > 0)
        holes.insert(order.back() == special_.near
                         ? holes.begin() +
                               std::ranges::count_if(holes, [&](TokenId h) { return h < token; })
                         : holes.end(),
                     token);
      else order.push_back(token);
    }
    EXPECT_THAT(order, ElementsAre(special_.file, special_.far, special_.prefix, special_.near));
    EXPECT_EQ(std::ranges::adjacent_find(holes, std::ranges::greater_equal{}), holes.end());
    EXPECT_LE(laid.anchor_from_end, request.text.size() - request.holes[0].range.end);
    const std::size_t at = request.text.size() - laid.anchor_from_end;
    for (const Hole& hole : request.holes)
      EXPECT_FALSE(hole.range.begin < at && at < hole.range.end) << "the anchor cuts a hole";
  }
}

TEST_F(PromptTest, WhatFitsIsShownWhole) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::string stand_ins;
    const FillRequest request = random_request(random, 1 + random() % 2000, stand_ins);
    const Prompt laid = prompt(request, 8192);
    EXPECT_EQ(before(laid) + "<hole_0>" + near(laid) + far(laid), stand_ins);
  }
}

}  // namespace
}  // namespace inpaint::engine
