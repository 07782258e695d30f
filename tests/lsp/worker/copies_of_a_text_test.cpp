// A text on its way from the document to the engine is shared, not copied.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

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

TEST_F(CopiesOfAText, AreTheDocumentsSnapshotAndWhatTheEngineIsShown) {
  std::string text = "import everything\n";
  while (text.size() < 200'000) text += "value = compute(" + std::to_string(text.size()) + ")\n";
  start();
  open(text + "x =");
  const auto last = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  type({last, 3}, " ");  // leaves the document room for another key
  copies_ = std::make_unique<test::CopiesOf>(text);
  type({last, 4}, "y");
  EXPECT_TRUE(wait_for(ask({last, 5}, 2)).contains("result"));
  EXPECT_EQ(n_copies_, 2U);
  EXPECT_EQ(copies_->count(), 2U) << "none is made for the last word";
}

}  // namespace
}  // namespace inpaint::lsp
