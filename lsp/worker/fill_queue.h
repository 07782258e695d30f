// Which fill is computed next, and who gets it.
//
// Clients ask at every key and often forget to take back what they asked before, so the server does:
// a new question about a document, from the same face, ends the older one, and its work stops at the
// engine's next forward. Questions about the same place share one answer. The newest is served first.
// Every answer is kept, so that typing on needs no engine.
//
// Before the engine is open questions wait, a bounded number of them.
//
// Thread rule: session strand only.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lsp/client/log.h"
#include "lsp/completion/completer.h"
#include "lsp/worker/engine_worker.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

/// Through which of the protocol's doors a question came: they do not end each other's.
enum class Face : std::uint8_t { ghost_text, completion_item };

struct FillQuestion {
  std::string uri;
  std::uint64_t revision = 0;  // of the document; places of one revision are compared by cursor
  Face face = Face::ghost_text;
  CompletionRequest request;  // its stop token is the queue's
};

/// How a question ended.
struct FillAnswer {
  enum class End { answered, superseded, failed };
  End end = End::failed;
  Fills fills;  // of the question's place; where it was answered
};

class FillQueue {
 public:
  using Done = std::function<void(FillAnswer)>;
  using Ticket = std::uint64_t;

  FillQueue(EngineWorker& worker, TypeThroughCache& cache, Log& log)
      : worker_(worker), cache_(cache), log_(log) {}

  /// `done` is called once, and not from within ask(). Where the cache has the answer do not ask.
  Ticket ask(FillQuestion question, Done done);
  /// `done` of this question is not called any more.
  void take_back(Ticket ticket);
  /// Questions about a document that came through this face end as superseded.
  void end_older(const std::string& uri, Face face);
  /// All questions about a document end as superseded.
  void forget(const std::string& uri);
  /// All questions end as superseded.
  void clear();

  /// The engine is there: what waits is served. Otherwise it fails, and later questions with it.
  void engine_opened();
  void engine_failed();
  /// It is being opened again: questions wait.
  void engine_awaited() { engine_ = EngineState::awaited; }

 private:
  enum class EngineState : std::uint8_t { awaited, open, failed };
  struct Asker {
    Ticket ticket = 0;
    Face face = Face::ghost_text;
    Done done;
  };
  struct Work {
    FillQuestion question;
    std::vector<Asker> askers;
    std::stop_source stop;
    bool running = false;
  };
  using Works = std::list<Work>;

  void take_askers(const std::string& uri, Face face, std::vector<Done>& ended);
  void drop_idle();
  void serve_next();
  void finish(Works::iterator work, engine::Result<Completion> result);
  void take_known(std::vector<std::pair<Asker, FillAnswer>>& answered);
  static void end_all(const std::vector<Done>& ended, FillAnswer::End end);

  EngineWorker& worker_;
  TypeThroughCache& cache_;
  Log& log_;
  EngineState engine_ = EngineState::awaited;
  Works works_;  // newest first
  Ticket last_ticket_ = 0;
  bool running_ = false;
};

}  // namespace inpaint::lsp
