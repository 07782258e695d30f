#include "lsp/terminal/text_canvas.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/golden.h"

namespace inpaint::lsp {
namespace {

std::string joined(TextCanvas& canvas) {
  std::string text;
  for (const DrawnLine& line : canvas.take())
    text += line.text + "|" + std::to_string(line.width) + "\n";
  return test::visible_escapes(text);
}

TEST(TextCanvas, WritesAStyleWhereItChangesAndEndsItWithTheLine) {
  TextCanvas canvas(true, [](TextCanvas& line) { line.put(">", 1, Shade::dim); });
  canvas.write("a", Shade::plain);
  canvas.write("b", Shade::level_0);
  canvas.write("c\nd", Shade::level_0);
  EXPECT_EQ(joined(canvas), "<ESC>[0;2m><ESC>[0ma<ESC>[0;38;5;203;48;5;236mbc<ESC>[0m|4\n"
                            "<ESC>[0;2m><ESC>[0;38;5;203;48;5;236md<ESC>[0m|2\n");
}

TEST(TextCanvas, WritesNoStyleWithoutColour) {
  TextCanvas canvas(false);
  canvas.write("a", Shade::dim);
  canvas.write("b", Shade::level_4);
  EXPECT_EQ(joined(canvas), "ab|2\n");
}

TEST(TextCanvas, CountsTabsFromWhereTheTextBegins) {
  TextCanvas canvas(false, [](TextCanvas& line) { line.put("10 | ", 5, Shade::dim); });
  canvas.write("\tx\ty\n\tz", Shade::plain);
  EXPECT_EQ(joined(canvas), "10 |     x   y|14\n10 |     z|10\n");
}

TEST(TextCanvas, LeavesNoByteThatATerminalObeys) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  all += "\u0080\u009B\u009F\u202A\u202E\u2066\u2069";
  TextCanvas canvas(false);
  canvas.write(all, Shade::plain);
  const std::string drawn = canvas.take().front().text;
  for (char byte : drawn) {
    const auto value = static_cast<unsigned char>(byte);
    EXPECT_TRUE(value >= 0x20 && value != 0x7F) << int{value};
  }
  for (const char* command : {"\u0080", "\u009B", "\u009F", "\u202A", "\u202E", "\u2066"}) {
    EXPECT_EQ(drawn.find(command), std::string::npos);
  }
}

struct ShadeCase {
  float confidence;
  Shade shade;
};

const ShadeCase kShades[] = {
    {0.0F, Shade::level_0}, {0.29F, Shade::level_0}, {0.3F, Shade::level_1}, {0.5F, Shade::level_2},
    {0.7F, Shade::level_3}, {0.9F, Shade::level_4},  {1.0F, Shade::level_4},
};

TEST(TextCanvas, ShadesByConfidence) {
  for (const ShadeCase& c : kShades) EXPECT_EQ(shade_of(c.confidence), c.shade) << c.confidence;
}

}  // namespace
}  // namespace inpaint::lsp
