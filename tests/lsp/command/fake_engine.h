// An engine that answers from a script, and the parts from which tests build its answers.
//
// It keeps the promises of the interface (at least one alternative, one fill for each hole, the stop
// token looked at between steps), so that what works with it works with the real one.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace inpaint::lsp::test {

inline engine::SpanToken set_token(std::string text, float confidence) {
  return {engine::SpanToken::State::set, std::move(text), confidence};
}

inline engine::SpanToken mask() { return {}; }

/// A fill that its tokens spell; its probability is the product of their confidences.
inline engine::Fill fill_of(std::vector<engine::SpanToken> tokens) {
  engine::Fill fill;
  fill.tokens = std::move(tokens);
  fill.probability = 1.0F;
  fill.ended = true;
  for (const engine::SpanToken& token : fill.tokens) {
    fill.text += token.text;
    fill.probability *= token.confidence;
  }
  return fill;
}

struct Script {
  std::vector<engine::Step> steps;
  std::vector<engine::Fill> fills;         // one for each alternative, the same for each hole
  std::vector<engine::Alternative> joint;  // where holes are filled otherwise: in place of `fills`
  std::function<void()> before_each_step;
  float draft_confidence = 0.5F;  // in each draft, which is one token
  bool deadline_reached = false;
  engine::EngineInfo info;
};

inline Script script_of(std::vector<engine::Fill> fills) {
  Script script;
  script.fills = std::move(fills);
  return script;
}

/// What was asked, where tests can look after the command has let go of its engine, or after an answer. While the
/// engine may be at work only the count is theirs to read.
struct Asked {
  std::vector<engine::FillRequest> requests;
  std::vector<engine::EngineOptions> opened;

  void add(const engine::FillRequest& request) {
    const std::lock_guard lock(mutex_);  // an engine may be asked from any thread
    requests.push_back(request);
  }
  std::size_t n_requests() const {
    const std::lock_guard lock(mutex_);
    return requests.size();
  }

 private:
  mutable std::mutex mutex_;
};

class FakeEngine : public engine::Engine {
 public:
  FakeEngine(Script script, std::shared_ptr<Asked> asked)
      : script_(std::move(script)), asked_(std::move(asked)) {}

  const engine::EngineInfo& info() const override { return script_.info; }

  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    asked_->add(request);
    for (const engine::Step& step : script_.steps) {
      if (script_.before_each_step) script_.before_each_step();
      if (request.stop.stop_requested()) {
        return engine::failure(engine::ErrorCode::cancelled, "fill", "stopped");
      }
      if (request.on_step && !request.on_step(step)) break;
    }
    engine::FillReply reply;
    for (const engine::Fill& fill : script_.fills)
      reply.alternatives.push_back({std::vector(request.holes.size(), fill)});
    if (!script_.joint.empty()) reply.alternatives = script_.joint;
    for (const engine::Hole& hole : request.holes) {
      reply.drafts.emplace_back();
      for (const std::string& draft : hole.drafts)
        reply.drafts.back().push_back(fill_of({set_token(draft, script_.draft_confidence)}));
    }
    reply.forwards = 2;
    reply.context_ms = 30.25;
    reply.denoise_ms = 11.5;
    reply.deadline_reached = script_.deadline_reached;
    return reply;
  }

 private:
  Script script_;
  std::shared_ptr<Asked> asked_;
};

}  // namespace inpaint::lsp::test
