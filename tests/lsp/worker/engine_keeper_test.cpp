// The engine is opened once, late, visibly, and failing does no harm.
#include "lsp/worker/engine_keeper.h"

#include <latch>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

class EngineKeeperTest : public test::SessionTest {
 protected:
  static Json client_with_progress() {
    Json client = inline_client();
    client["window"] = {{"workDoneProgress", true}};
    return client;
  }
  Json progress(const char* kind) {
    return wait_until([kind](const Json& message) {
      return message.value("method", "") == "$/progress" &&
             message["params"]["value"]["kind"] == kind;
    });
  }
};

TEST_F(EngineKeeperTest, QuestionsWaitWhileItIsOpened) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start();
  open("return ");
  const int first = ask({0, 6});
  const int second = ask({0, 7});
  EXPECT_EQ(items(first), "null");
  EXPECT_FALSE(answered(second));
  hold_opening_->count_down();
  EXPECT_EQ(items(second), "x");
  EXPECT_EQ(n_opened_, 1);
  EXPECT_EQ(n_sent("window/workDoneProgress/create"), 0U) << "the client has none";
}

TEST_F(EngineKeeperTest, NoMoreQuestionsWaitThanAFew) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start();
  std::vector<int> ids;
  for (int i = 0; i < 40; ++i) {
    const std::string uri = "file:///w/" + std::to_string(i) + ".py";
    open("return ", uri);
    ids.push_back(ask({0, 7}, 1, uri));
  }
  EXPECT_EQ(items(ids.front()), "null");
  EXPECT_FALSE(answered(ids.back()));
  hold_opening_->count_down();
  for (const int id : ids) wait_for(id);
  EXPECT_EQ(items(ids.back()), "x");
}

TEST_F(EngineKeeperTest, AFailureIsToldOnceAndTheServerLivesOn) {
  open_error_ = engine::Error{engine::ErrorCode::bad_weights, "model.safetensors", "cut short",
                              "fetch it again"};
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "");
  EXPECT_EQ(items(ask({0, 6})), "");
  const Json told = wait_for_method("window/showMessage");
  EXPECT_EQ(told["params"]["type"], 1);
  EXPECT_EQ(told["params"]["message"], "Inpaint: model.safetensors: cut short: fetch it again");
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
  EXPECT_EQ(n_opened_, 1);
  EXPECT_EQ(wait_for(request("shutdown", nullptr))["result"], nullptr);
}

TEST_F(EngineKeeperTest, AModelThatDoesNotFillInTheMiddleIsSaidToBeOneOnce) {
  script_.info = {.model_path = "/m/only-on.gguf",
                  .prompt_format = "prefix-1",
                  .fim_order = engine::FimOrder::absent};
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x") << "it completes all the same";
  const Json told = wait_for_method("window/showMessage");
  EXPECT_EQ(told["params"]["type"], 2);
  EXPECT_EQ(told["params"]["message"],
            "Inpaint: /m/only-on.gguf was not trained to fill in the middle: it does not see what "
            "follows the cursor; `inpaint models list` names models that do");
  open("x = ", "file:///w/b.py");
  EXPECT_EQ(items(ask({0, 4}, 1, "file:///w/b.py")), "x");
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
}

TEST_F(EngineKeeperTest, AModelWhoseOrderIsAssumedIsSaidToBeOneOnce) {
  script_.info = {.model_path = "/m/odd.gguf",
                  .prompt_format = "fim-psm-1",
                  .fim_order = engine::FimOrder::assumed};
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
  EXPECT_EQ(wait_for_method("window/showMessage")["params"]["message"],
            "Inpaint: /m/odd.gguf belongs to no family whose prompts are known, it is asked with "
            "fim-psm-1: `inpaint models check` tries others");
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
}

TEST_F(EngineKeeperTest, AModelThatAnswersInAnothersPlaceSaysWhyOnce) {
  script_.info = {.model_path = "/share/mini",
                  .in_place_of = engine::Error{engine::ErrorCode::bad_weights,
                                               "the default model larger", "m.gguf, cut short",
                                               "fetch it again; mini answers in its place"}};
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
  EXPECT_EQ(items(ask({0, 6})), "x");
  const Json told = wait_for_method("window/showMessage");
  EXPECT_EQ(told["params"]["type"], 2);
  EXPECT_EQ(told["params"]["message"],
            "Inpaint: the default model larger: m.gguf, cut short: fetch it again; mini answers in "
            "its place");
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
}

TEST_F(EngineKeeperTest, OfAModelThatIsKnownNothingIsSaid) {
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
  EXPECT_EQ(n_sent("window/showMessage"), 0U);
}

TEST_F(EngineKeeperTest, AClientWithABarSeesIt) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start(client_with_progress());
  const Json create = wait_for_method("window/workDoneProgress/create");
  EXPECT_EQ(n_sent("$/progress"), 0U) << "only once the client has made one";
  respond(create["id"], nullptr);
  EXPECT_EQ(progress("begin")["params"]["token"], create["params"]["token"]);
  hold_opening_->count_down();
  EXPECT_EQ(progress("end")["params"]["value"]["message"], "ready");
  EXPECT_EQ(n_sent("$/progress"), 2U);
}

TEST_F(EngineKeeperTest, ABarThatComesTooLateIsNotShown) {
  start(client_with_progress());
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
  respond(wait_for_method("window/workDoneProgress/create")["id"], nullptr);
  EXPECT_EQ(n_sent("$/progress"), 0U);
}

TEST_F(EngineKeeperTest, OnceCancelledItIsOpenedForThoseWhoAskInPerson) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start(client_with_progress());
  const Json create = wait_for_method("window/workDoneProgress/create");
  respond(create["id"], nullptr);
  open("return");
  type({0, 6}, " ");
  const int waiting = ask({0, 7}, 2);
  notify("window/workDoneProgress/cancel", {{"token", "another"}});
  EXPECT_FALSE(answered(waiting));
  notify("window/workDoneProgress/cancel", {{"token", create["params"]["token"]}});
  EXPECT_EQ(progress("end")["params"]["value"]["message"], "cancelled");
  hold_opening_->count_down();
  EXPECT_EQ(items(waiting), "");
  EXPECT_EQ(items(ask({0, 6}, 2)), "");
  EXPECT_EQ(n_opened_, 1);
  EXPECT_EQ(items(ask({0, 7}, 1)), "x");
  EXPECT_EQ(n_opened_, 2);
}

}  // namespace
}  // namespace inpaint::lsp
