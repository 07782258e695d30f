// An engine in the middle of a fill, for as long as a test wants.
#pragma once

#include <latch>
#include <memory>
#include <utility>

#include "engine/engine.h"

namespace inpaint::lsp::test {

/// An engine whose answers are held back until a test lets them go.
class HeldEngine : public engine::Engine {
 public:
  struct Hold {
    std::latch entered{1};
    std::latch go{1};
  };
  HeldEngine(std::unique_ptr<engine::Engine> inner, std::shared_ptr<Hold> hold)
      : inner_(std::move(inner)), hold_(std::move(hold)) {}
  const engine::EngineInfo& info() const override { return inner_->info(); }
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    // Only the first one: a latch opens once.
    hold_->entered.count_down(hold_->entered.try_wait() ? 0 : 1);
    hold_->go.wait();
    if (request.stop.stop_requested()) {
      return engine::failure(engine::ErrorCode::cancelled, "fill", "stopped");
    }
    return inner_->fill(std::move(request));
  }

 private:
  std::unique_ptr<engine::Engine> inner_;
  std::shared_ptr<Hold> hold_;
};

}  // namespace inpaint::lsp::test
