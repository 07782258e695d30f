#include "lsp/worker/engine_keeper.h"

#include <string>

namespace inpaint::lsp {
namespace {

constexpr const char* kToken = "inpaint/open-engine";

/// What the user should know of a model that works, and less well than they may think; else nothing.
std::string remark_on(const engine::EngineInfo& info) {
  switch (info.fim_order) {
    case engine::FimOrder::known: return {};
    case engine::FimOrder::assumed:
      return info.model_path + " belongs to no family whose prompts are known, it is asked with " +
             info.prompt_format + ": `inpaint models check` tries others";
    case engine::FimOrder::absent:
      return info.model_path +
             " was not trained to fill in the middle: it does not see what follows the cursor; "
             "`inpaint models list` names models that do";
  }
  return {};
}

}  // namespace

void EngineKeeper::want(bool in_person) {
  if (state_ == State::cancelled_while_opening && in_person) {
    state_ = State::opening;  // it is on its way already
    queue_.engine_awaited();
    return;
  }
  if (state_ != State::closed && !(state_ == State::cancelled && in_person)) return;
  worker_.open([this](const engine::Result<engine::EngineInfo>& info) { on_opened(info); });
  state_ = State::opening;
  queue_.engine_awaited();
  log_.note("opening the engine");
  progress_.emplace(client_, kToken, "Inpaint: opening the model", [this] { on_cancelled(); });
}

// In all that follows the queue comes first and the words for people last: who waits must not go on
// waiting because there is no memory for a note.
void EngineKeeper::on_cancelled() {
  if (state_ != State::opening) return;
  state_ = State::cancelled_while_opening;
  queue_.engine_failed();
  log_.note("opening the engine was cancelled");
  end_progress("cancelled");
}

void EngineKeeper::on_opened(const engine::Result<engine::EngineInfo>& info) {
  if (state_ == State::cancelled_while_opening) {
    state_ = State::cancelled;
    worker_.close();
    return;
  }
  if (!info) {
    state_ = State::failed;
    queue_.engine_failed();
    const std::string text = engine::to_string(info.error());
    log_.problem("the engine can not be opened: " + text);
    end_progress("failed");
    client_.show_message(MessageType::error, "Inpaint: " + text);
    return;
  }
  state_ = State::open;
  queue_.engine_opened();
  log_.note("the engine is open: " + info->model_path);
  end_progress("ready");
  const std::string remark = remark_on(*info);
  if (remark.empty()) return;
  log_.note(remark);
  client_.show_message(MessageType::warning, "Inpaint: " + remark);
}

void EngineKeeper::end_progress(const char* how) {
  if (progress_) progress_->end(how);
}

void EngineKeeper::on_progress_cancel(const Json& token) {
  if (progress_) progress_->on_cancel(token);
}

}  // namespace inpaint::lsp
