// Which fill is computed next, and who gets it.
//
// Clients ask at every key and often forget to take back what they asked before, so the server
// does: a new question about a document, from the same face, ends the older one. Its work stops at the
// engine's next forward, unless the new question is the old one with something typed that may be what is being
// written: then it goes on for that (typed_on.h). Questions about the same place share one answer. The newest
// is served first. Every answer is kept, so that typing on needs no engine.
//
// While nobody asks, what somebody may ask next is answered as well (foresee()), until somebody does.
//
// Before the engine is open questions wait, a bounded number of them; what is foreseen as well, the last of it.
//
// Whatever throws here, also for want of memory, every question still ends once: what that needs is
// there from the time when it is asked.
//
// Thread rule: session strand only.
// Errors: the engine's, as the answer to who asked.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>

#include "lsp/client/log.h"
#include "lsp/completion/completer.h"
#include "lsp/worker/engine_worker.h"
#include "lsp/worker/type_through_cache.h"
#include "lsp/worker/typed_on.h"

namespace inpaint::lsp {

/// Through which of the protocol's doors a question came: they do not end each other's.
enum class Face : std::uint8_t { ghost_text, completion_item };

struct FillQuestion {
  Uri uri;
  Face face = Face::ghost_text;
  CompletionRequest request;  // its stop token is the queue's
};

/// How a question ended.
struct FillAnswer {
  enum class End : std::uint8_t {
    answered,
    superseded,
    unanswered,  // there is no engine, and the user knows
    failed,
  };
  End end = End::unanswered;
  Fills fills;          // of the question's place; where it was answered
  engine::Error error;  // where it failed
};

class FillQueue {
 public:
  using Done = std::function<void(const FillAnswer&)>;
  using Ticket = std::uint64_t;

  FillQueue(EngineWorker& worker, TypeThroughCache& cache, Log& log);

  /// `done` is called once; from within ask() only where it fails at once. Where the cache has the
  /// answer do not ask.
  Ticket ask(FillQuestion question, Done done);
  /// The answer is kept for who asks it later. Nothing where there is anything else to do.
  void foresee(FillQuestion question);
  /// Somebody waits for the engine elsewhere, or would not have it asked like that any more.
  void give_way();
  /// What an earlier answer says of the place.
  std::optional<Fills> known(const FillPlace& place);
  /// `done` of this question is not called any more. Clients take a question back before they ask the next
  /// one, so what runs goes on until that is known.
  void take_back(Ticket ticket);
  /// Questions about a document that came through this face end as superseded.
  void end_older(const Uri& uri, Face face);
  /// All questions about a document end as superseded.
  void forget(const Uri& uri);
  /// All questions end as superseded.
  void clear();

  /// The engine is there: what waits is served. Otherwise it fails, and later questions with it.
  void engine_opened();
  void engine_failed();
  /// Another one has taken its place: what the first has answered is not said again, and what it foresaw last is
  /// foreseen anew, unless somebody has asked since.
  void engine_changed();
  /// It is being opened again: questions wait.
  void engine_awaited() { engine_ = EngineState::awaited; }

 private:
  enum class EngineState : std::uint8_t { awaited, open, failed };
  struct Asker {
    Ticket ticket = 0;
    Face face = Face::ghost_text;
    Done done;
    std::shared_ptr<const FillAnswer> answer;  // once it has one
  };
  /// In a list, because to move one to another list takes no memory.
  using Askers = std::list<Asker>;
  struct Work {
    FillQuestion question;
    Askers askers;
    std::shared_ptr<FillAnswer> answer;  // there from the beginning, for the same reason
    std::stop_source stop;
    std::shared_ptr<TypedOn> typed_on = {};  // while it runs
    bool running = false;
    bool foreseen = false;  // goes on without askers, as long as nobody else waits
  };
  using Works = std::list<Work>;
  class Ended;

  void take_askers(const Uri& uri, Face face, Ended& ended);
  void drop_idle();
  void drop_waiting();
  /// A question that waits, and that `work`, which runs for nobody, may answer all the same; or null.
  const Work* goes_on_for(const Work& work) const;
  void serve_next();
  void begin(Works::iterator work);
  void finish(Works::iterator work, const engine::Result<Completion>& result);
  void take_known(Ended& ended);

  EngineWorker& worker_;
  TypeThroughCache& cache_;
  Log& log_;
  const std::shared_ptr<const FillAnswer> superseded_;
  EngineState engine_ = EngineState::awaited;
  Works works_;                                // newest first
  std::optional<FillQuestion> foreseen_last_;  // until somebody asks
  Ticket last_ticket_ = 0;
  bool running_ = false;
  int foreseen_ = 0;  // answers
  int used_ = 0;      // questions that these have answered
};

}  // namespace inpaint::lsp
