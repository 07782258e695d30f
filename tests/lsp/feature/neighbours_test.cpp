// What the other open documents lend to a question, through a whole session.
#include "lsp/feature/neighbours.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

class NeighboursTest : public test::SessionTest {
 protected:
  using Texts = std::vector<std::string>;

  void open_as(const std::string& name, const std::string& language, const std::string& text) {
    notify("textDocument/didOpen", {{"textDocument",
                                     {{"uri", "file:///w/" + name},
                                      {"languageId", language},
                                      {"version", 1},
                                      {"text", text}}}});
  }
  /// Those that go along with a question about a.py.
  Texts lent() {
    wait_for(ask({0, 7}));
    return *asked_->requests.back().neighbours;
  }
};

TEST_F(NeighboursTest, AreOpenInTheSameLanguageNewestFirst) {
  start();
  open_as("a.py", "python", "return ");
  open_as("b.py", "python", "b");
  open_as("c.py", "python", "c");
  open_as("d.rs", "rust", "d");
  open_as("e.py", "python", "");
  type({0, 1}, "!", "file:///w/b.py");
  EXPECT_EQ(lent(), (Texts{"b!", "c"}));
}

TEST_F(NeighboursTest, CloseWithTheirDocuments) {
  start();
  open_as("a.py", "python", "return ");
  open_as("b.py", "python", "b");
  notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///w/b.py"}}}});
  EXPECT_EQ(lent(), Texts{});
}

TEST_F(NeighboursTest, AreNotTheFilesThatMayHoldSecrets) {
  start(inline_client(), {{"excludedFiles", {"private_*"}}});
  open_as("a.py", "python", "return ");
  open_as(".env", "python", "KEY=1");
  open_as("private_b.py", "python", "b");
  open_as("secrets.py", "python", "PASSWORD = 'b'");  // completed, but lent to nobody
  open_as("keys_test.py", "python", "k = '-----BEGIN PRIVATE" + std::string(" KEY-----'"));
  EXPECT_EQ(lent(), Texts{});
}

TEST_F(NeighboursTest, AreNotOfALanguageThatIsSwitchedOff) {
  start(inline_client(), {{"languagesOff", {"snake"}}});
  open_as("a.py", "python", "return ");
  open_as("b.py", "snake", "b");
  EXPECT_EQ(lent(), Texts{});
}

TEST_F(NeighboursTest, AreFewAndLargeOnesAreCutAroundTheirNewestChange) {
  std::string large;
  for (int i = 0; large.size() < 4 * kNeighbourBytes; ++i) large += "x" + std::to_string(i) + "\n";
  start();
  open_as("a.py", "python", "return ");
  for (int i = 0; i < 6; ++i) open_as("b" + std::to_string(i) + ".py", "python", "b");
  open_as("large.py", "python", large);
  Texts texts = lent();
  ASSERT_EQ(texts.size(), kMostNeighbours);
  EXPECT_LE(texts[0].size(), kNeighbourBytes);
  EXPECT_TRUE(large.starts_with(texts[0]));
  type({9000, 0}, "here", "file:///w/large.py");
  open_as("a.py", "python", "return x");
  texts = lent();
  EXPECT_LE(texts[0].size(), kNeighbourBytes);
  EXPECT_NE(texts[0].find("herex9000\n"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::lsp
