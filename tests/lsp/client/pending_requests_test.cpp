#include "lsp/client/pending_requests.h"

#include <new>
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
  Reply reply = pending_.begin(7, "m");
  EXPECT_EQ(pending_.n_open(), 1U);
  reply.result("done");
  EXPECT_FALSE(reply.open());
  EXPECT_EQ(pending_.n_open(), 0U);
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0], to_response(7, "done"));
}

TEST_F(PendingRequestsTest, AnswersForThoseWhoForget) {
  {
    const Reply reply = pending_.begin("a", "m");
  }
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["id"], "a");
  EXPECT_EQ(sent_[0]["error"]["code"], static_cast<int>(RpcErrorCode::internal_error));
  EXPECT_EQ(sent_[0]["error"]["message"], "m: the request was dropped");
}

TEST_F(PendingRequestsTest, AnswersForThoseWhoThrow) {
  try {
    const Reply reply = pending_.begin(1, "m");
    throw std::bad_alloc();
  } catch (const std::bad_alloc&) {
  }
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["error"]["message"], "m: an exception ended the request");
}

TEST_F(PendingRequestsTest, ARequestThatIsTakenBackIsAnsweredAndItsHolderTold) {
  Reply first = pending_.begin(1, "m");
  Reply second = pending_.begin("1", "m");
  std::string told;
  first.on_cancel([&] { told += "first"; });
  EXPECT_FALSE(pending_.cancel(2));
  EXPECT_TRUE(pending_.cancel(1.0)) << "the same number";
  EXPECT_FALSE(pending_.cancel(1));
  EXPECT_EQ(told, "first");
  EXPECT_FALSE(first.open());
  EXPECT_TRUE(second.open());
  first.result("too late");
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["error"]["code"], static_cast<int>(RpcErrorCode::request_cancelled));
}

TEST_F(PendingRequestsTest, AllButOneAreTakenBackInTheirOrder) {
  std::vector<Reply> held;
  for (int id = 0; id < 4; ++id) held.push_back(pending_.begin(id, "m"));
  held[1].on_cancel([&] { held[2].result(nullptr); });  // one may end another
  pending_.cancel_all(held[3].number());
  std::vector<int> ids;
  for (const Json& answer : sent_) ids.push_back(answer["id"].get<int>());
  EXPECT_EQ(ids, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(held[3].open());
}

TEST_F(PendingRequestsTest, AnAnswerThatCanNotBeSentIsAnError) {
  bool is_full = true;
  std::vector<Json> sent;
  PendingRequests pending([&](const Json& answer) {
    if (std::exchange(is_full, false)) throw std::bad_alloc();
    sent.push_back(answer);
  });
  {
    Reply reply = pending.begin(1, "m");
    EXPECT_THROW(reply.result("much"), std::bad_alloc);
    EXPECT_TRUE(reply.open());
  }
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0]["error"]["code"], static_cast<int>(RpcErrorCode::internal_error));
}

TEST_F(PendingRequestsTest, AMovedReplyIsOneReply) {
  Reply first = pending_.begin(1, "m");
  Reply second = std::move(first);
  first = pending_.begin(2, "m");
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
    if (held.empty() || random() % 2 == 0) held.push_back(pending_.begin(n_begun++, "m"));
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
