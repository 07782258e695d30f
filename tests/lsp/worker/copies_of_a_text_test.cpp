// A text on its way from the document to the engine is shared, not copied.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"
#include "tests/lsp/worker/copies_of.h"

namespace inpaint::lsp {
namespace {

/// Counts the copies of a text when it is asked for a fill.
class CountingEngine final : public engine::Engine {
 public:
  CountingEngine(const std::unique_ptr<test::CopiesOf>& copies, std::size_t& n_copies)
      : copies_(copies), n_copies_(n_copies) {}
  const engine::EngineInfo& info() const override { return info_; }
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    n_copies_ = copies_->count();
    engine::FillReply reply;
    reply.alternatives.push_back({{test::fill_of({test::set_token("1", 0.9F)})}});
    for (const engine::Hole& hole : request.holes) reply.drafts.emplace_back(hole.drafts.size());
    return reply;
  }

 private:
  const std::unique_ptr<test::CopiesOf>& copies_;
  std::size_t& n_copies_;
  engine::EngineInfo info_;
};

class CopiesOfAText : public test::SessionTest {
 protected:
  std::unique_ptr<engine::Engine> make_engine() override {
    return std::make_unique<CountingEngine>(copies_, n_copies_);
  }
  std::unique_ptr<test::CopiesOf> copies_;
  std::size_t n_copies_ = 0;
};

/// As long as the engine may be shown all of it.
std::string long_text() {
  std::string text = "import everything\n";
  while (text.size() < 120'000) text += "value = compute(" + std::to_string(text.size()) + ")\n";
  return text;
}

TEST_F(CopiesOfAText, AreWhatTheDocumentWritesAndWhatTheEngineIsShown) {
  const std::string text = long_text();
  start();
  open(text + "x =");
  const auto last = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  type({last, 3}, " ");
  EXPECT_TRUE(wait_for(ask({last, 4}, 2)).contains("result"));
  copies_ = std::make_unique<test::CopiesOf>(text);
  type({last, 4}, "y");
  EXPECT_TRUE(wait_for(ask({last, 5}, 2)).contains("result"));
  EXPECT_EQ(n_copies_, 2U);
  EXPECT_EQ(copies_->count(), 2U) << "none is made for the last word";
}

TEST_F(CopiesOfAText, AreNoMoreForATextThatComesWhole) {
  start();
  open("");
  const std::string text = long_text();
  Json change = {{"textDocument", {{"uri", "file:///w/a.py"}, {"version", 2}}},
                 {"contentChanges", {{{"text", text + "x = "}}}}};
  Message message =
      *parse_message(to_text(to_notification("textDocument/didChange", std::move(change))));
  copies_ = std::make_unique<test::CopiesOf>(text);
  session_->on_message(std::move(message));
  const auto last = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  EXPECT_TRUE(wait_for(ask({last, 4})).contains("result"));
  EXPECT_EQ(n_copies_, 1U) << "what the engine is shown: the document's is the message's own";
}

}  // namespace
}  // namespace inpaint::lsp
