// Whatever is suggested on the way, a typist leaves the file as it was.
#include "lsp/bench/typist.h"

#include <gtest/gtest.h>

#include <string>

namespace inpaint::lsp {
namespace {

const std::string kFile = R"(#include <string>

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";  // größer
}

int main() {
  const auto words = split(read("a", 1), ' ');
  for (const auto& word : words) {
    print(quoted(word));
  }
	return 0;
}
)";

std::string with_crlf(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\r');
  return text;
}

TEST(Typist, WritesTheFileThatItBeganWith) {
  for (const std::string& file :
       {kFile, with_crlf(kFile), std::string("a\nb"), std::string("\n\n\n")})
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      SCOPED_TRACE(testing::Message() << "seed " << seed);
      Typist typist(file, seed, {.stretches = 3, .lines_of_stretch = 4, .mistakes = 0.2});
      std::string text = typist.text();
      while (const auto key = typist.next()) {
        text.replace(key->replaced.begin, key->replaced.size(), key->text);
        ASSERT_EQ(text, typist.text());
        ASSERT_LE(key->cursor, text.size());
        ASSERT_GE(typist.pause().count(), 0);
      }
      EXPECT_EQ(text, file);
    }
}

TEST(Typist, OfAFileWithoutRoomWritesNothing) {
  Typist typist("one line", 1);
  EXPECT_EQ(typist.text(), "one line");
  EXPECT_FALSE(typist.next());
}

TEST(Typist, AcceptsWhatTheFileSaysAndNothingElse) {
  // The right text is known from the file: behind the cursor, up to the end of the line.
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Typist typist(kFile, seed, {.stretches = 3, .lines_of_stretch = 4, .mistakes = 0.0});
    for (int keys = 0; const auto key = typist.next(); ++keys) {
      const std::size_t cursor = typist.cursor();
      if (!kFile.starts_with(typist.text().substr(0, cursor))) continue;  // stretches are to come
      const std::string right = kFile.substr(cursor, kFile.find('\n', cursor) - cursor);
      const std::size_t end = typist.text().find('\n', cursor);
      EXPECT_EQ(typist.worth({cursor, end}, right + "x"), 0U);
      if (keys % 5 != 0 || right.empty()) continue;
      if (typist.worth({cursor, end}, right) == 0) continue;  // the stretch ends before
      EXPECT_EQ(typist.worth({cursor, end}, right), right.size());
      typist.accept({cursor, end}, right);
      ++accepted;
      EXPECT_TRUE(kFile.starts_with(typist.text().substr(0, typist.cursor())));
    }
    EXPECT_EQ(typist.text(), kFile);
  }
  EXPECT_GT(accepted, 30);
}

TEST(Typist, BracketsThatTheEditorClosesAreTypedOver) {
  Typist typist("x\nf(a, \"b\");\n", 1, {.stretches = 2, .lines_of_stretch = 1, .mistakes = 0.0});
  bool closed = false, opened = false;
  while (const auto key = typist.next()) {
    opened = opened || key->text == "()";
    closed = closed || key->kind == Keystroke::Kind::closes;
  }
  EXPECT_EQ(opened, closed);
  EXPECT_EQ(typist.text(), "x\nf(a, \"b\");\n");
}

}  // namespace
}  // namespace inpaint::lsp
