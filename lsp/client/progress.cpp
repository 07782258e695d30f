#include "lsp/client/progress.h"

#include <utility>

namespace inpaint::lsp {

Progress::Progress(Client& client, std::string token, std::string title,
                   std::function<void()> cancelled)
    : client_(client), token_(std::move(token)), cancelled_(std::move(cancelled)) {
  if (!client.capabilities.progress) return;
  client.request(
      "window/workDoneProgress/create", {{"token", token_}},
      [&client, token = token_, title = std::move(title), state = state_](const Message& response) {
        if (!response.error.is_null() || state->over) return;
        state->shown = true;
        Json value = {{"kind", "begin"},
                      {"title", title},
                      {"cancellable", true},
                      {"percentage", state->percentage}};
        if (!state->message.empty()) value["message"] = state->message;
        client.notify("$/progress", {{"token", token}, {"value", std::move(value)}});
      });
}

void Progress::report(int percentage, const std::string& message) {
  if (state_->over) return;
  state_->percentage = percentage;
  state_->message = message;
  if (!state_->shown) return;
  client_.notify("$/progress", {{"token", token_},
                                {"value",
                                 {{"kind", "report"},
                                  {"cancellable", true},
                                  {"percentage", percentage},
                                  {"message", message}}}});
}

void Progress::end(const std::string& message) {
  if (std::exchange(state_->over, true) || !state_->shown) return;
  Json value = {{"kind", "end"}};
  if (!message.empty()) value["message"] = message;
  client_.notify("$/progress", {{"token", token_}, {"value", std::move(value)}});
}

void Progress::on_cancel(const Json& token) {
  if (token == token_ && !state_->over) cancelled_();
}

}  // namespace inpaint::lsp
