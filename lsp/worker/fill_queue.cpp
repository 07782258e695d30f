#include "lsp/worker/fill_queue.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/guarded.h"
#include "lsp/worker/line_edit.h"

namespace inpaint::lsp {
namespace {

/// More documents than anybody completes in at once.
constexpr std::size_t kMostWaiting = 16;

bool same_place(const FillQuestion& kept, const FillQuestion& asked) {
  const Place& old = kept.request.place;
  const Place& place = asked.request.place;
  return kept.uri == asked.uri && old.cursor == place.cursor &&
         kept.request.decoding.alternatives >= asked.request.decoding.alternatives &&
         (kept.request.decoding.exact_context || !asked.request.decoding.exact_context) &&
         (old.text == place.text || *old.text == *place.text);
}

FillPlace place_of(const FillQuestion& question) {
  return {question.uri, question.request.place.text, question.request.place.cursor,
          question.request.decoding.alternatives, question.request.decoding.gate};
}

FillAnswer answer_to(const FillQuestion& question, const engine::Result<Completion>& result) {
  using End = FillAnswer::End;
  if (!result) {
    const engine::ErrorCode code = result.error().code;
    const bool is_known =
        code == engine::ErrorCode::cancelled || code == engine::ErrorCode::unavailable;
    return {is_known ? End::unanswered : End::failed, {}, result.error()};
  }
  FillAnswer answer{End::answered, {result->hole.range, {}, result->silence}, {}};
  for (const Candidate& candidate : result->candidates) {
    answer.fills.texts.push_back(with_line_ends_of(*question.request.place.text, candidate.text));
  }
  return answer;
}

}  // namespace

/// Askers whose questions have ended. They are told when this goes, however that comes about, and
/// one that throws keeps none of the others from being told.
class FillQueue::Ended {
 public:
  explicit Ended(Log& log) : log_(log) {}
  ~Ended() {
    for (const Asker& asker : askers_) {
      const auto told = engine::guarded("completion", [&] { asker.done(*asker.answer); });
      if (!told) log_.problem(engine::to_string(told.error()));
    }
  }
  Ended(const Ended&) = delete;
  Ended& operator=(const Ended&) = delete;

  void take(Askers& askers, const std::shared_ptr<const FillAnswer>& answer) {
    for (Asker& asker : askers) asker.answer = answer;
    askers_.splice(askers_.end(), askers);
  }
  void take(Askers& from, Askers::iterator asker, const std::shared_ptr<const FillAnswer>& answer) {
    asker->answer = answer;
    askers_.splice(askers_.end(), from, asker);
  }

 private:
  Log& log_;
  Askers askers_;
};

FillQueue::FillQueue(EngineWorker& worker, TypeThroughCache& cache, Log& log)
    : worker_(worker),
      cache_(cache),
      log_(log),
      superseded_(std::make_shared<FillAnswer>(FillAnswer{FillAnswer::End::superseded, {}, {}})) {}

FillQueue::Ticket FillQueue::ask(FillQuestion question, Done done) {
  Ended ended(log_);
  foreseen_last_.reset();
  take_askers(question.uri, question.face, ended);
  const Ticket ticket = ++last_ticket_;
  Askers asker;
  asker.push_back({ticket, question.face, std::move(done), nullptr});
  const auto same = std::ranges::find_if(works_, [&](const Work& work) {
    return !work.stop.stop_requested() && same_place(work.question, question);
  });
  if (same != works_.end()) {
    same->askers.splice(same->askers.end(), asker);
  } else {
    // What it is told where nothing else can be found out.
    auto answer = std::make_shared<FillAnswer>(
        FillAnswer{FillAnswer::End::failed, {}, {engine::ErrorCode::internal, "completion"}});
    works_.push_front(
        {.question = std::move(question), .askers = {}, .answer = std::move(answer), .stop = {}});
    works_.front().askers.splice(works_.front().askers.end(), asker);
  }
  drop_idle();
  while (works_.size() > kMostWaiting) {
    const auto oldest = std::find_if(works_.rbegin(), works_.rend(),
                                     [](const Work& work) { return !work.running; });
    ended.take(oldest->askers, superseded_);
    works_.erase(std::next(oldest).base());
  }
  serve_next();
  return ticket;
}

void FillQueue::foresee(FillQuestion question) {
  std::erase_if(works_, [](const Work& work) {
    return work.foreseen && !work.running && work.askers.empty();  // of an earlier place
  });
  if (!works_.empty() || engine_ == EngineState::failed || cache_.find(place_of(question))) return;
  foreseen_last_ = question;
  works_.push_front({.question = std::move(question),
                     .askers = {},
                     .answer = std::make_shared<FillAnswer>(),
                     .stop = {},
                     .foreseen = true});
  serve_next();
}

void FillQueue::give_way() {
  foreseen_last_.reset();
  for (Work& work : works_) {
    if (!work.foreseen || !work.askers.empty()) continue;
    work.stop.request_stop();
    work.foreseen = false;
  }
  drop_waiting();
}

std::optional<Fills> FillQueue::known(const FillPlace& place) {
  auto fills = cache_.find(place);
  if (fills && fills->foreseen)
    log_.note(
        fmt::format("{} answers were foreseen, {} questions answered by one", foreseen_, ++used_));
  return fills;
}

void FillQueue::end_older(const Uri& uri, Face face) {
  Ended ended(log_);
  foreseen_last_.reset();
  take_askers(uri, face, ended);
  drop_idle();
}

void FillQueue::take_askers(const Uri& uri, Face face, Ended& ended) {
  for (Work& work : works_) {
    if (work.question.uri != uri) continue;
    for (auto asker = work.askers.begin(); asker != work.askers.end();) {
      const auto next = std::next(asker);
      if (asker->face == face) ended.take(work.askers, asker, superseded_);
      asker = next;
    }
  }
}

const FillQueue::Work* FillQueue::goes_on_for(const Work& work) const {
  const auto next = std::ranges::find_if(works_, [&](const Work& other) {
    return !other.running && other.question.face == work.question.face &&
           other.question.request.decoding == work.question.request.decoding &&
           is_typed_on(place_of(work.question), place_of(other.question));
  });
  return next == works_.end() ? nullptr : &*next;
}

/// Work that nobody waits for any more. What runs is told to stop, and goes when it has.
void FillQueue::drop_idle() {
  for (Work& work : works_) {
    if (!work.running || !work.askers.empty()) continue;
    if (const Work* const next = goes_on_for(work)) work.typed_on->move(place_of(next->question));
    else if (!work.foreseen || works_.size() > 1) work.stop.request_stop();
  }
  drop_waiting();
}

/// What is foreseen may wait as long as it is alone.
void FillQueue::drop_waiting() {
  const bool alone = works_.size() == 1;
  std::erase_if(works_, [alone](const Work& work) {
    return !work.running && work.askers.empty() && !(work.foreseen && alone);
  });
}

void FillQueue::take_back(Ticket ticket) {
  for (Work& work : works_) {
    std::erase_if(work.askers, [&](const Asker& asker) { return asker.ticket == ticket; });
  }
  drop_waiting();
}

void FillQueue::forget(const Uri& uri) {
  Ended ended(log_);
  if (foreseen_last_ && foreseen_last_->uri == uri) foreseen_last_.reset();
  for (Work& work : works_) {
    if (work.question.uri != uri) continue;
    ended.take(work.askers, superseded_);
    work.foreseen = false;
  }
  drop_idle();
}

void FillQueue::clear() {
  Ended ended(log_);
  foreseen_last_.reset();
  for (Work& work : works_) {
    ended.take(work.askers, superseded_);
    work.foreseen = false;
  }
  drop_idle();
}

void FillQueue::engine_opened() {
  engine_ = EngineState::open;
  serve_next();
}

void FillQueue::engine_changed() {
  cache_.clear();
  if (auto again = std::exchange(foreseen_last_, std::nullopt)) foresee(std::move(*again));
}

void FillQueue::engine_failed() {
  engine_ = EngineState::failed;
  serve_next();
}

void FillQueue::serve_next() {
  while (!running_ && engine_ != EngineState::awaited && !works_.empty()) {
    const auto next = works_.begin();
    const auto begun = engine::guarded("completion", [&] { begin(next); });
    if (begun) return;
    log_.problem(engine::to_string(begun.error()));
    Ended failed(log_);
    failed.take(next->askers, next->answer);
    works_.erase(next);
  }
}

void FillQueue::begin(Works::iterator work) {
  // Without an engine the worker has only to say no; that way no `done` is called from within
  // ask().
  if (engine_ == EngineState::failed) work->stop.request_stop();
  work->question.request.stop = work->stop.get_token();
  work->typed_on = std::make_shared<TypedOn>();
  work->question.request.on_step = [typed_on = work->typed_on, stop = work->stop](
                                       const HolePlan& hole, const engine::Step& step) mutable {
    if (step.alternative == 0 && !typed_on->may_become(hole.range.begin, step)) stop.request_stop();
  };
  worker_.complete(work->question.request, [this, work](const engine::Result<Completion>& result) {
    finish(work, result);
  });
  work->running = true;
  running_ = true;
}

void FillQueue::finish(Works::iterator work, const engine::Result<Completion>& result) {
  running_ = false;
  Ended ended(log_);
  ended.take(work->askers, work->answer);
  const Work done = std::move(*work);
  works_.erase(work);
  const auto taken = engine::guarded("completion", [&] {
    *done.answer = answer_to(done.question, result);
    if (done.answer->end != FillAnswer::End::answered) return;
    done.answer->fills.foreseen = done.foreseen;
    foreseen_ += done.foreseen ? 1 : 0;
    cache_.keep(place_of(done.question), done.answer->fills);
    take_known(ended);
  });
  if (!taken) log_.problem(engine::to_string(taken.error()));
  if (done.answer->end == FillAnswer::End::failed) {
    log_.problem("completion failed: " + engine::to_string(done.answer->error));
  }
  serve_next();
}

/// Questions that the newest answer covers as well: of fewer alternatives, or a little further on.
void FillQueue::take_known(Ended& ended) {
  for (auto work = works_.begin(); work != works_.end();) {
    auto fills = work->running ? std::nullopt : cache_.find(place_of(work->question));
    if (!fills) {
      ++work;
      continue;
    }
    *work->answer = {FillAnswer::End::answered, std::move(*fills), {}};
    ended.take(work->askers, work->answer);
    work = works_.erase(work);
  }
}

}  // namespace inpaint::lsp
