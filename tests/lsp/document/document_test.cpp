// Documents against a plain reference: UTF-16 text, edited as an editor does.
#include "lsp/document/document.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

bool is_surrogate(char16_t unit) { return unit >= 0xD800 && unit <= 0xDFFF; }
bool is_high(char16_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }

/// The text in UTF-8, with U+FFFD for each lone surrogate.
std::string to_utf8(const std::u16string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t point = text[i];
    if (is_surrogate(text[i])) {
      const bool pair = is_high(text[i]) && i + 1 < text.size() && is_surrogate(text[i + 1]) &&
                        !is_high(text[i + 1]);
      point = pair ? 0x10000 + ((text[i] - 0xD800U) << 10U) + (text[i + 1] - 0xDC00U) : 0xFFFD;
      i += pair ? 1 : 0;
    }
    const auto byte = [&](unsigned bits) { result += static_cast<char>(bits); };
    if (point < 0x80) {
      byte(point);
    } else if (point < 0x800) {
      byte(0xC0U | (point >> 6U));
      byte(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
      byte(0xE0U | (point >> 12U));
      byte(0x80U | ((point >> 6U) & 0x3FU));
      byte(0x80U | (point & 0x3FU));
    } else {
      byte(0xF0U | (point >> 18U));
      byte(0x80U | ((point >> 12U) & 0x3FU));
      byte(0x80U | ((point >> 6U) & 0x3FU));
      byte(0x80U | (point & 0x3FU));
    }
  }
  return result;
}

/// An editor that counts in UTF-16 units.
class Editor {
 public:
  explicit Editor(std::u16string text) : text_(std::move(text)) {}

  Position position(std::size_t unit) const {
    Position position;
    for (std::size_t i = 0; i < unit; ++i) {
      const bool ends = text_[i] == u'\n' ||
                        (text_[i] == u'\r' && (i + 1 >= text_.size() || text_[i + 1] != u'\n'));
      if (ends) position = {position.line + 1, 0};
      else ++position.character;
    }
    return position;
  }
  /// Whether a position names this place: not the one between the two characters of "\r\n".
  bool is_place(std::size_t unit) const {
    return unit == 0 || unit >= text_.size() || text_[unit - 1] != u'\r' || text_[unit] != u'\n';
  }
  ContentChange replace(std::size_t begin, std::size_t end, const std::u16string& text) {
    ContentChange change{Range{position(begin), position(end)}, to_utf8(text)};
    // The halves of parted pairs are U+FFFD for the server, each for good: two never join again.
    if (cuts_pair(begin)) text_[begin - 1] = text_[begin] = 0xFFFD;
    if (cuts_pair(end)) text_[end - 1] = text_[end] = 0xFFFD;
    text_.replace(begin, end - begin, text);
    return change;
  }
  const std::u16string& text() const { return text_; }

 private:
  bool cuts_pair(std::size_t unit) const {
    return unit > 0 && unit < text_.size() && is_high(text_[unit - 1]) &&
           is_surrogate(text_[unit]) && !is_high(text_[unit]);
  }

  std::u16string text_;
};

std::u16string random_text(std::mt19937& random, std::size_t length) {
  const std::vector<std::u16string> pieces = {u"a",  u"xyz", u" ",       u"\n",        u"\r\n",
                                              u"\r", u"é",   u"e\u0301", u"\U0001F600"};
  std::u16string text;
  for (std::size_t i = 0; i < length; ++i) text += pieces[random() % pieces.size()];
  return text;
}

TEST(Document, FollowsAnEditorThroughRandomEdits) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    Editor editor(random_text(random, random() % 30));
    Document document(Uri("file:///a.py"), "python", 1, to_utf8(editor.text()),
                      PositionEncoding::utf16);
    for (int edit = 0; edit < 30; ++edit) {
      std::size_t begin = random() % (editor.text().size() + 1);
      std::size_t end = begin + random() % (editor.text().size() - begin + 1);
      while (!editor.is_place(begin)) --begin;
      while (!editor.is_place(end)) ++end;
      const std::string before = document.text();
      const auto told =
          document.apply(editor.replace(begin, end, random_text(random, random() % 4)));
      ASSERT_TRUE(told.has_value());
      const std::string_view written = std::string_view(document.text())
                                           .substr(told->replaced.begin)
                                           .substr(0, told->new_end - told->replaced.begin);
      ASSERT_EQ(*told, grammar::edit_of(before, told->replaced, written));
      ASSERT_EQ(document.text(), to_utf8(editor.text()));
      ASSERT_EQ(document.lines(), LineIndex(document.text()));
    }
  }
}

Document document_of(std::string_view text) {
  return {Uri("file:///a.py"), "python", 1, std::string(text), PositionEncoding::utf16};
}

struct ChangeCase {
  const char* name;
  const char* text;
  ContentChange change;
  const char* expect;
};

const ChangeCase kChanges[] = {
    {"the whole text", "old", {std::nullopt, "new"}, "new"},
    {"an insertion", "ac", {Range{{0, 1}, {0, 1}}, "b"}, "abc"},
    {"beyond the text", "ab", {Range{{9, 9}, {9, 9}}, "c"}, "abc"},
    {"beyond the line", "a\nb", {Range{{0, 9}, {1, 0}}, ""}, "ab"},
    {"from behind to the front", "abc", {Range{{0, 2}, {0, 1}}, "x"}, "axc"},
    {"bytes that are no UTF-8", "", {std::nullopt, "a\xFF"}, "a\xEF\xBF\xBD"},
    {"between the halves of a pair",
     "\xF0\x9F\x98\x80",
     {Range{{0, 1}, {0, 1}}, "x"},
     "\xEF\xBF\xBDx\xEF\xBF\xBD"},
    {"the second half of a pair",
     "\xF0\x9F\x98\x80!",
     {Range{{0, 1}, {0, 2}}, ""},
     "\xEF\xBF\xBD!"},
    {"the first half of a pair", "a\xF0\x9F\x98\x80", {Range{{0, 1}, {0, 2}}, ""}, "a\xEF\xBF\xBD"},
};

TEST(Document, Changes) {
  for (const ChangeCase& c : kChanges) {
    Document document = document_of(c.text);
    document.apply(c.change);
    EXPECT_EQ(document.text(), c.expect) << c.name;
  }
}

TEST(Document, ASnapshotStaysAsItIs) {
  Document document = document_of("a");
  const Snapshot before = document.snapshot();
  document.apply({Range{{0, 1}, {0, 1}}, "b"});
  EXPECT_EQ(*before, "a");
  EXPECT_EQ(*document.snapshot(), "ab");
  EXPECT_EQ(document.snapshot(), document.snapshot());
}

TEST(Document, ASnapshotIsTheTextItself) {
  Document document = document_of("a");
  const Snapshot lent = document.snapshot();
  EXPECT_EQ(lent.get(), &document.text());
  document.apply({Range{{0, 1}, {0, 1}}, "b"});
  EXPECT_NE(lent.get(), &document.text());
  const std::string* const own = &document.text();
  document.apply({Range{{0, 2}, {0, 2}}, "c"});
  EXPECT_EQ(own, &document.text()) << "nobody reads it, so it need not be copied";
  document.apply({std::nullopt, "d"});
  EXPECT_EQ(*document.snapshot(), "d");
  EXPECT_EQ(*lent, "a");
}

TEST(Document, KnowsItsNewestChange) {
  Document document = document_of("abcd");
  EXPECT_FALSE(document.changed());
  document.apply({Range{{0, 3}, {0, 4}}, ""});
  EXPECT_TRUE(document.changed());
  EXPECT_TRUE(document.last_change().deletion);
  EXPECT_EQ(document.last_change().byte, 3U);
  EXPECT_EQ(document.last_change().deletions, 1);
  document.apply({Range{{0, 2}, {0, 3}}, ""});
  EXPECT_EQ(document.last_change().deletions, 2);
  document.apply({Range{{0, 2}, {0, 2}}, "x"});
  EXPECT_FALSE(document.last_change().deletion);
  EXPECT_EQ(document.last_change().deletions, 0);
  EXPECT_EQ(document.last_change().byte, 3U);
}

}  // namespace
}  // namespace inpaint::lsp
