// What users of other tools complain about, each with a buffer that shows it: what the model
// writes, and what the buffer is once the suggestion is accepted.
//
// The model is a script, so that it makes the mistake for certain; with the real one the constraint
// ends most of these while they are written (tests/grammar/check/hole_constraint_test.cpp).
// Complaints that are not about text are tested where what they are about is: tests/lsp/README.md
// has the list.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/protocol/position.h"
#include "tests/grammar/cursor_text.h"
#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

struct ComplaintCase {
  const char* name;
  const char* language;
  const char* buffer;  // ^ is the cursor
  const char* written;
  const char* accepted;  // the buffer then; null: nothing is offered
};

const ComplaintCase kComplaints[] = {
    // The rest of the word, or of the line, comes twice.
    {"llama.vscode 13: in the middle of a word", "python", "radius = 1\nprint(radi^us)\n", "us",
     nullptr},
    {"llama.vscode 13: what is new in front of it stays", "python", "x = val^ue\n", "id + value",
     "x = valid + value\n"},
    {"llama.vscode 13: in a string", "python", "x = \"Not e^qual\"\n", "qual", nullptr},
    // A bracket that the editor has closed comes twice.
    {"llm-vscode 128: a parameter list", "python", "def foo(^):\n    pass\n", "bar: str)",
     "def foo(bar: str):\n    pass\n"},
    {"llm-vscode 128: with what stands behind", "python", "def foo(^):\n    pass\n",
     "bar: str):", "def foo(bar: str):\n    pass\n"},
    {"vscode 211501: a brace on the next line", "javascript", "function f() {^\n}\n",
     "\n  return 1;\n}", "function f() {\n  return 1;\n}\n"},
    {"vscode 154824: brackets without their other half", "c", "int x = f(^\nint y;\n", "a))",
     nullptr},
    {"cody 334: one that stands on the next line", "javascript", "f(\n  a^\n);\n", ")", nullptr},
    {"a quote that is closed already", "python", "x = f(\"^\")\n", "a\"", "x = f(\"a\")\n"},
    // Code is repeated, or lines are added.
    {"continue 4721: the line below", "python", "a = 1\n^\nreturn_value(a)\n", "return_value(a)",
     nullptr},
    {"continue 4721: the end of it", "python", "def f(a):\n    ^\n    return total(a)\n",
     "    a += 1\n    return total(a)", "def f(a):\n    a += 1\n    return total(a)\n"},
    {"continue 2169: a quote that is not closed", "python", "x = f(\"^\ny = 1\n", "a", nullptr},
    {"continue 2169: and one that is", "python", "x = f(^\ny = 1\n", "\"a\")",
     "x = f(\"a\")\ny = 1\n"},
    {"continue 3567: blank lines at the end", "python", "x = 1^\ny = 2\n", " + 1\n\n\n",
     "x = 1 + 1\ny = 2\n"},
    // A good suggestion is cut because a part of it looks like what follows.
    {"llama.vscode 18: lines that end as the next line does", "javascript",
     "function f(a) {\n^\n}\n\nfunction g() {\n}\n", "  if (a) {\n    b();\n  }\n  return a;",
     "function f(a) {\n  if (a) {\n    b();\n  }\n  return a;\n}\n\nfunction g() {\n}\n"},
    // Nothing is shown where the model begins with a line end.
    {"llm-ls 63: in a body", "python", "for x in y:^\n", "\n    print(x)",
     "for x in y:\n    print(x)\n"},
    // Indentation is not that of the file.
    {"llama.vscode 72: spaces in a file of tabs", "go",
     "package p\n\nvar b = []int{\n\t1,\n}\n\nfunc h() {\n^\n}\n", "    if a {\n        g()\n    }",
     "package p\n\nvar b = []int{\n\t1,\n}\n\nfunc h() {\n\tif a {\n\t\tg()\n\t}\n}\n"},
    {"tabby 3263: levels of another width", "javascript",
     "let a = [\n  1,\n];\nfunction g() {\n^\n}\n", "\tb();",
     "let a = [\n  1,\n];\nfunction g() {\n  b();\n}\n"},
    {"indentation that stands already", "python", "def f(a):\n    ^= 1\n    return x\n", "    x ",
     "def f(a):\n    x = 1\n    return x\n"},
    {"back by a level", "python", "def f(a):\n    if a:\n        return 1\n        ^\n",
     "    return 2", "def f(a):\n    if a:\n        return 1\n    return 2\n"},
    {"carriage returns stay what they are", "python", "def f(a):\r\n^\r\n",
     "    b = a\n    return b", "def f(a):\r\n    b = a\r\n    return b\r\n"},
    // Text beyond ASCII.
    {"lsp-ai 50: a character of two bytes", "python", "μ = 1\nx = μ^\n", " + 1",
     "μ = 1\nx = μ + 1\n"},
    {"copilot.lua 339: a character of two units", "python", "s = '𝄞'; x = ^\n", "s",
     "s = '𝄞'; x = s\n"},
    // What does not parse.
    {"cody 1983: a condition without brackets", "typescript", "function f(x: number) {\n^\n}\n",
     "  if x {\n  }", nullptr},
    {"a body that is not closed", "javascript", "function f(x) {\n^\n}\n", "  if (x) {", nullptr},
};

class ComplaintsTest : public test::SessionTest {
 protected:
  /// The buffer with the first item of the answer in it; nothing where there is none.
  std::optional<std::string> accepted(const ComplaintCase& c, std::size_t number) {
    const grammar::CursorText source = grammar::parse_cursor(c.buffer);
    const std::string uri = "file:///w/" + std::to_string(number);
    notify("textDocument/didOpen",
           {{"textDocument",
             {{"uri", uri}, {"languageId", c.language}, {"version", 1}, {"text", source.text}}}});
    const LineIndex lines(source.text);
    const Position cursor = lines.position(source.text, source.cursor, PositionEncoding::utf16);
    const Json answer = wait_for(ask(cursor, 1, uri));
    const Json& items = answer["result"]["items"];
    if (items.empty()) return std::nullopt;
    const Range range = *range_from(items[0]["range"]);
    EXPECT_EQ(range.start.line, range.end.line) << c.name;  // VS Code shows no other
    std::string text = source.text;
    const std::size_t begin = lines.byte(text, range.start, PositionEncoding::utf16);
    const std::size_t end = lines.byte(text, range.end, PositionEncoding::utf16);
    std::string inserted = items[0]["insertText"];
    if (source.text.contains("\r\n"))  // as clients do
      for (std::size_t at = inserted.find('\n'); at != std::string::npos;
           at = inserted.find('\n', at + 2))
        inserted.insert(at, "\r");
    return text.replace(begin, end - begin, inserted);
  }
};

TEST_F(ComplaintsTest, AreNotOurs) {
  for (std::size_t i = 0; i < std::size(kComplaints); ++i) {
    const ComplaintCase& c = kComplaints[i];
    set_fills({c.written});
    start(inline_client());
    const auto text = accepted(c, i);
    EXPECT_EQ(text.value_or("(nothing)"), c.accepted ? c.accepted : "(nothing)") << c.name;
    TearDown();
    sent_.clear();
  }
}

}  // namespace
}  // namespace inpaint::lsp
