// An engine that answers in the place of the default model's, and says why.
//
// The default is a model that nobody has named or chosen: a file that was cut short, or has no room
// in memory, must not leave people without completions that they had the day before. Who chose a
// model by name is told that it cannot be opened, and gets no other one.
//
// Thread rule: that of Engine.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/engine.h"

namespace inpaint::lsp {

/// What is said of it. `why`: that of opening the default.
inline engine::Error why_not_the_default(std::string_view name, engine::Error why) {
  using enum engine::ErrorCode;
  // The catalogue has its hash, so what is wrong with such a file is the file.
  if (why.code == bad_weights || why.code == bad_config || why.code == bad_tokenizer)
    why.remedy = fmt::format(
        "fetch it again (`inpaint models remove {0}`, then `inpaint models get {0}`)", name);
  return {why.code, fmt::format("the default model {}", name),
          fmt::format("{}: {}", why.what, why.why), std::move(why.remedy)};
}

class Substitute final : public engine::Engine {
 public:
  Substitute(std::unique_ptr<engine::Engine> engine, engine::Error why)
      : engine_(std::move(engine)), info_(engine_->info()) {
    why.remedy += fmt::format("{}mini answers in its place", why.remedy.empty() ? "" : "; ");
    info_.in_place_of = std::move(why);
  }

  const engine::EngineInfo& info() const override { return info_; }
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    return engine_->fill(std::move(request));
  }
  engine::Result<void> refresh(const std::stop_token& stop) override {
    return engine_->refresh(stop);
  }

 private:
  std::unique_ptr<engine::Engine> engine_;
  engine::EngineInfo info_;
};

}  // namespace inpaint::lsp
