#include "lsp/worker/engine_keeper.h"

#include <string>

namespace inpaint::lsp {
namespace {

constexpr const char* kToken = "inpaint/open-engine";

}  // namespace

void EngineKeeper::want(bool in_person) {
  if (state_ == State::cancelled_while_opening && in_person) {
    state_ = State::opening;  // it is on its way already
    queue_.engine_awaited();
    return;
  }
  if (state_ != State::closed && !(state_ == State::cancelled && in_person)) return;
  state_ = State::opening;
  queue_.engine_awaited();
  log_.note("opening the engine");
  progress_.emplace(client_, kToken, "Inpaint: opening the model", [this] { on_cancelled(); });
  worker_.open([this](const engine::Result<engine::EngineInfo>& info) { on_opened(info); });
}

void EngineKeeper::on_cancelled() {
  if (state_ != State::opening) return;
  state_ = State::cancelled_while_opening;
  log_.note("opening the engine was cancelled");
  progress_->end("cancelled");
  queue_.engine_failed();
}

void EngineKeeper::on_opened(const engine::Result<engine::EngineInfo>& info) {
  if (state_ == State::cancelled_while_opening) {
    state_ = State::cancelled;
    worker_.close();
    return;
  }
  if (!info) {
    state_ = State::failed;
    const std::string text = engine::to_string(info.error());
    log_.problem("the engine can not be opened: " + text);
    progress_->end("failed");
    client_.show_message(MessageType::error, "Inpaint: " + text);
    queue_.engine_failed();
    return;
  }
  state_ = State::open;
  log_.note("the engine is open: " + info->model_path);
  progress_->end("ready");
  queue_.engine_opened();
}

void EngineKeeper::on_progress_cancel(const Json& token) {
  if (progress_) progress_->on_cancel(token);
}

}  // namespace inpaint::lsp
