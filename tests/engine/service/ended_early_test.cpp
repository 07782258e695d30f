// Fills that a deadline, a stop token or a failure ends before they are whole.
#include <chrono>
#include <new>
#include <stop_token>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/service/fill_service_fixture.h"

namespace inpaint::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using EndedEarlyTest = FillServiceTest;

TEST_F(EndedEarlyTest, ADeadlineThatHasPassedStillGivesOneAlternative) {
  for (const Mode mode : kModes) {
    ScriptedModel model(random_language(3, alphabet(), special_.end), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = ^\n");
    request.decoding.mode = mode;
    request.decoding.alternatives = 4;
    request.decoding.deadline = std::chrono::milliseconds(0);
    const auto reply = fills.fill(request);
    ASSERT_TRUE(reply) << to_string(reply.error());
    EXPECT_EQ(reply->alternatives.size(), 1U);
    EXPECT_EQ(reply->alternatives[0].fills.size(), 2U);
    EXPECT_TRUE(reply->deadline_reached);
    for (const Fill& fill : reply->alternatives[0].fills) EXPECT_FALSE(fill.ended);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(EndedEarlyTest, ADeadlineBetweenAlternativesIsSaid) {
  // The deadline passes with the last forward of the first alternative.
  ScriptedModel model(says({"x"}).language(), special_);
  FillService fills = service(model);
  FillRequest request = marked_request("a = ^\n");
  request.decoding.mode = Mode::autoregressive;
  request.decoding.alternatives = 2;
  request.on_step = [&](const Step& step) {
    if (step.forward == 2) request.decoding.deadline = std::chrono::milliseconds(0);
    return true;
  };
  const auto reply = fills.fill(request);
  EXPECT_THAT(texts(reply), ElementsAre("x"));
  EXPECT_TRUE(reply->alternatives[0].fills[0].ended);
  EXPECT_TRUE(reply->deadline_reached) << "fewer alternatives than were asked for";
}

TEST_F(EndedEarlyTest, ACancelledRequestStopsBeforeTheNextForward) {
  for (const Mode mode : kModes)
    for (std::size_t at = 0; at < 4; ++at) {
      SCOPED_TRACE(at);
      ScriptedModel model(random_language(3, alphabet(), special_.end), special_);
      FillService fills = service(model);
      std::stop_source stop;
      if (at == 0) stop.request_stop();
      model.before_forward = [&](std::size_t n) {
        if (n + 1 == at) stop.request_stop();
      };
      FillRequest request = marked_request("a = ^\nb = ^\nc = ^\n");
      request.decoding.mode = mode;
      request.stop = stop.get_token();
      const auto reply = fills.fill(request);
      ASSERT_FALSE(reply);
      EXPECT_EQ(reply.error().code, ErrorCode::cancelled);
      EXPECT_EQ(model.forwards.size(), at);
    }
}

TEST_F(EndedEarlyTest, AFailingModelIsAnErrorAndTheNextRequestIsServed) {
  ScriptedModel model(says({"x + y"}).language(), special_);
  FillService fills = service(model);
  model.fails_at = 2;
  const auto broken = fills.fill(marked_request("a = ^\n"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::not_finite);
  EXPECT_THAT(texts(fills.fill(marked_request("a = ^\n"))), ElementsAre("x + y"));
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(EndedEarlyTest, AModelThatThrowsIsAnErrorAndTheNextRequestStartsAfresh) {
  for (const std::size_t failing : {0U, 1U, 2U}) {
    ScriptedModel model(says({"alpha(beta)"}).language(), special_);
    FillService fills = service(model);
    model.before_forward = [&](std::size_t number) {
      if (number == failing) throw std::bad_alloc();
    };
    const auto failed = fills.fill(marked_request("x = ^\n"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::internal);
    model.before_forward = nullptr;
    const auto reply = fills.fill(marked_request("x = ^\n"));
    EXPECT_THAT(texts(reply), ElementsAre("alpha(beta)"));
    EXPECT_EQ(reply->reused_tokens, 0) << "what a broken forward left is not trusted";
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(EndedEarlyTest, WhatIsGivenUpStaysAsItIsAndTheNextRequestIsAsIfFresh) {
  for (const Mode mode : kModes) {
    SCOPED_TRACE(static_cast<int>(mode));
    ScriptedModel model(says({"alpha + beta + gamma + delta"}).language(), special_);
    FillService fills = service(model);
    FillRequest request = marked_request("a = ^\nb = 1\n");
    request.decoding.mode = mode;
    const auto whole = fills.fill(request);
    ASSERT_TRUE(whole);
    const std::size_t forwards = model.forwards.size();
    request.on_step = [](const Step&) { return false; };
    const auto given_up = fills.fill(request);
    ASSERT_TRUE(given_up);
    EXPECT_LE(model.forwards.size() - forwards, 1U + 1U) << "and one that reads the context again";
    const Fill& fill = given_up->alternatives[0].fills[0];
    EXPECT_FALSE(fill.ended);
    EXPECT_TRUE(whole->alternatives[0].fills[0].text.starts_with(fill.text)) << fill.text;
    EXPECT_FALSE(given_up->deadline_reached);
    request.on_step = {};
    EXPECT_EQ(texts(fills.fill(request)), texts(whole));
  }
}

}  // namespace
}  // namespace inpaint::engine
