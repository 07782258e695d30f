#include "lsp/worker/engine_keeper.h"

#include <string>

#include "engine/base/guarded.h"

namespace inpaint::lsp {
namespace {

constexpr const char* kToken = "inpaint/open-engine";

/// What the user should know of a model that works, and less well than they may think; else nothing.
std::string remark_on(const engine::EngineInfo& info) {
  if (info.in_place_of) return engine::to_string(*info.in_place_of);
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
  worker_.open(told(), [this](const engine::Result<OpenedEngine>& opened) { on_opened(opened); });
  state_ = State::opening;
  percent_ = 0;
  queue_.engine_awaited();
  log_.note("opening the engine");
  progress_.emplace(client_, kToken, "Inpaint: opening the model", [this] { on_cancelled(); });
}

std::optional<Silence> EngineKeeper::silence() const {
  using enum SilenceReason;
  switch (state_) {
    case State::closed:
    case State::opening:
      return Silence{loading, percent_ > 0 ? std::to_string(percent_) + " %" : ""};
    case State::cancelled_while_opening:
    case State::cancelled: return Silence{loading_cancelled};
    case State::failed: return Silence{no_model, problem_};
    case State::standing_in:
    case State::open: break;
  }
  return std::nullopt;
}

// In all that follows the queue comes first and the words for people last: who waits must not go on
// waiting because there is no memory for a note.
void EngineKeeper::on_cancelled() {
  if (state_ == State::standing_in) {
    worker_.stop_loading();
    state_ = State::open;
    log_.note("loading the model was cancelled: the embedded one goes on answering");
  } else if (state_ == State::opening) {
    state_ = State::cancelled_while_opening;
    queue_.engine_failed();
    log_.note("opening the engine was cancelled");
  } else {
    return;
  }
  end_progress("cancelled");
}

void EngineKeeper::on_opened(const engine::Result<OpenedEngine>& opened) {
  if (opened && opened->stand_in_problem)
    log_.note("the embedded model can not be opened: " +
              engine::to_string(*opened->stand_in_problem));
  if (opened && opened->stands_in) return on_stand_in(opened->info);
  if (state_ == State::cancelled_while_opening) {
    state_ = State::cancelled;
    worker_.close();
    return;
  }
  if (!opened) {
    state_ = State::failed;
    queue_.engine_failed();
    problem_ = engine::to_string(opened.error());
    return tell_failure(opened.error(), "the engine can not be opened: ", "");
  }
  state_ = State::open;
  queue_.engine_opened();
  tell_open(opened->info);
}

void EngineKeeper::on_stand_in(const engine::EngineInfo& info) {
  const bool wanted = state_ == State::opening;
  state_ = wanted ? State::standing_in : State::open;
  queue_.engine_opened();
  log_.note(info.model_path + (wanted ? " answers until the model is loaded" : " answers"));
  if (!wanted) return;
  const auto begun = engine::guarded("engine", [this] {
    worker_.load(told(),
                 [this](const engine::Result<engine::EngineInfo>& loaded) { on_loaded(loaded); });
  });
  if (!begun) on_loaded(std::unexpected(begun.error()));
}

void EngineKeeper::on_loaded(const engine::Result<engine::EngineInfo>& info) {
  const bool cancelled = state_ != State::standing_in;
  state_ = State::open;
  if (info) {
    queue_.engine_changed();
    tell_open(*info);
  } else if (!cancelled) {
    tell_failure(info.error(), "the model can not be loaded: ",
                 "; until that is mended and the server restarted the embedded model completes");
  }
}

EngineWorker::Told EngineKeeper::told() {
  return [this](std::uint64_t read, std::uint64_t all) {
    constexpr std::uint64_t kMegabyte = 1'000'000;
    percent_ = static_cast<int>(read * 100 / all);
    if (!progress_) return;
    progress_->report(percent_, std::to_string(read / kMegabyte) + " MB of " +
                                    std::to_string(all / kMegabyte) + " MB");
  };
}

void EngineKeeper::tell_failure(const engine::Error& error, const char* what,
                                const char* consolation) {
  const std::string text = engine::to_string(error);
  log_.problem(what + text);
  end_progress("failed");
  client_.show_message(MessageType::error, "Inpaint: " + text + consolation);
}

void EngineKeeper::tell_open(const engine::EngineInfo& info) {
  log_.note("the engine is open: " + info.model_path);
  end_progress("ready");
  const std::string remark = remark_on(info);
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
