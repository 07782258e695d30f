#include "lsp/client/pending_requests.h"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

class PendingRequestsTest : public testing::Test {
 protected:
  std::vector<Json> sent_;
  PendingRequests pending_{[this](Json answer) { sent_.push_back(std::move(answer)); }};
};

TEST_F(PendingRequestsTest, SendsTheAnswerOnce) {
  Reply reply = pending_.begin(7);
  EXPECT_EQ(pending_.n_open(), 1U);
  reply.result("done");
  EXPECT_FALSE(reply.open());
  EXPECT_EQ(pending_.n_open(), 0U);
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0], to_response(7, "done"));
}

TEST_F(PendingRequestsTest, AnswersForThoseWhoForget) {
  {
    const Reply reply = pending_.begin("a");
  }
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["id"], "a");
  EXPECT_EQ(sent_[0]["error"]["code"], static_cast<int>(RpcErrorCode::internal_error));
}

TEST_F(PendingRequestsTest, AMovedReplyIsOneReply) {
  Reply first = pending_.begin(1);
  Reply second = std::move(first);
  first = pending_.begin(2);
  first = std::move(second);  // 2 is answered by the one that is overwritten
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["id"], 2);
  first.error(RpcErrorCode::request_cancelled, "why");
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[1]["id"], 1);
}

TEST_F(PendingRequestsTest, EveryIdIsAnsweredOnceWhateverIsDoneWithTheReplies) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Reply> held;
  int n_begun = 0;
  for (int step = 0; step < 2000; ++step) {
    if (held.empty() || random() % 2 == 0) held.push_back(pending_.begin(n_begun++));
    const std::size_t one = random() % held.size();
    switch (random() % 4) {
      case 0: held[one].result(nullptr); break;
      case 1: held[one].error(RpcErrorCode::internal_error, ""); break;
      case 2: break;
      default: std::swap(held[one], held.back()); continue;
    }
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(one));
  }
  held.clear();
  EXPECT_EQ(pending_.n_open(), 0U);
  std::multiset<int> ids;
  for (const Json& answer : sent_) ids.insert(answer["id"].get<int>());
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(n_begun));
  for (int id = 0; id < n_begun; ++id) EXPECT_EQ(ids.count(id), 1U) << id;
}

}  // namespace
}  // namespace inpaint::lsp
