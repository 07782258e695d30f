#include "lsp/worker/fill_queue.h"

#include <algorithm>
#include <utility>

#include "lsp/worker/line_edit.h"

namespace inpaint::lsp {
namespace {

/// More documents than anybody completes in at once.
constexpr std::size_t kMostWaiting = 16;

bool same_place(const FillQuestion& kept, const FillQuestion& asked) {
  const Place& old = kept.request.place;
  const Place& place = asked.request.place;
  return kept.uri == asked.uri && kept.revision == asked.revision && old.cursor == place.cursor &&
         kept.request.decoding.alternatives >= asked.request.decoding.alternatives &&
         (old.text == place.text || *old.text == *place.text);
}

FillPlace place_of(const FillQuestion& question) {
  return {question.uri, question.request.place.text, question.request.place.cursor,
          question.request.decoding.alternatives};
}

Fills fills_of(const Completion& completion, std::string_view text) {
  Fills fills{completion.hole.range, {}};
  for (const Candidate& candidate : completion.candidates) {
    fills.texts.push_back(with_line_ends_of(text, candidate.text));
  }
  return fills;
}

}  // namespace

void FillQueue::end_all(const std::vector<Done>& ended, FillAnswer::End end) {
  for (const Done& done : ended) done({end, {}});
}

FillQueue::Ticket FillQueue::ask(FillQuestion question, Done done) {
  std::vector<Done> ended;
  take_askers(question.uri, question.face, ended);
  Asker asker{++last_ticket_, question.face, std::move(done)};
  const auto same = std::ranges::find_if(works_, [&](const Work& work) {
    return !work.stop.stop_requested() && same_place(work.question, question);
  });
  if (same != works_.end()) {
    same->askers.push_back(std::move(asker));
  } else {
    works_.push_front({std::move(question), {}, {}, false});
    works_.front().askers.push_back(std::move(asker));
  }
  drop_idle();
  while (works_.size() > kMostWaiting) {
    const auto oldest = std::find_if(works_.rbegin(), works_.rend(),
                                     [](const Work& work) { return !work.running; });
    for (Asker& one : oldest->askers) ended.push_back(std::move(one.done));
    works_.erase(std::next(oldest).base());
  }
  const Ticket ticket = last_ticket_;
  end_all(ended, FillAnswer::End::superseded);
  serve_next();
  return ticket;
}

void FillQueue::end_older(const std::string& uri, Face face) {
  std::vector<Done> ended;
  take_askers(uri, face, ended);
  drop_idle();
  end_all(ended, FillAnswer::End::superseded);
}

void FillQueue::take_askers(const std::string& uri, Face face, std::vector<Done>& ended) {
  for (Work& work : works_) {
    if (work.question.uri != uri) continue;
    std::erase_if(work.askers, [&](Asker& asker) {
      if (asker.face != face) return false;
      ended.push_back(std::move(asker.done));
      return true;
    });
  }
}

/// Work that nobody waits for any more. What runs is told to stop, and goes when it has.
void FillQueue::drop_idle() {
  for (Work& work : works_) {
    if (work.running && work.askers.empty()) work.stop.request_stop();
  }
  std::erase_if(works_, [](const Work& work) { return !work.running && work.askers.empty(); });
}

void FillQueue::take_back(Ticket ticket) {
  for (Work& work : works_) {
    std::erase_if(work.askers, [&](const Asker& asker) { return asker.ticket == ticket; });
  }
  drop_idle();
}

void FillQueue::forget(const std::string& uri) {
  std::vector<Done> ended;
  for (Work& work : works_) {
    if (work.question.uri != uri) continue;
    for (Asker& asker : work.askers) ended.push_back(std::move(asker.done));
    work.askers.clear();
  }
  drop_idle();
  end_all(ended, FillAnswer::End::superseded);
}

void FillQueue::clear() {
  std::vector<Done> ended;
  for (Work& work : works_) {
    for (Asker& asker : work.askers) ended.push_back(std::move(asker.done));
    work.askers.clear();
  }
  drop_idle();
  end_all(ended, FillAnswer::End::superseded);
}

void FillQueue::engine_opened() {
  engine_ = EngineState::open;
  serve_next();
}

void FillQueue::engine_failed() {
  engine_ = EngineState::failed;
  serve_next();
}

void FillQueue::serve_next() {
  if (running_ || engine_ == EngineState::awaited || works_.empty()) return;
  const auto next = works_.begin();
  next->running = true;
  running_ = true;
  // Without an engine the worker has only to say no; that way no `done` is called from within ask().
  if (engine_ == EngineState::failed) next->stop.request_stop();
  next->question.request.stop = next->stop.get_token();
  worker_.complete(next->question.request, [this, next](engine::Result<Completion> result) {
    finish(next, std::move(result));
  });
}

void FillQueue::finish(Works::iterator work, engine::Result<Completion> result) {
  running_ = false;
  const Work done = std::move(*work);
  works_.erase(work);
  FillAnswer answer;
  if (result) {
    answer = {FillAnswer::End::answered, fills_of(*result, *done.question.request.place.text)};
    cache_.keep(place_of(done.question), answer.fills);
  } else if (result.error().code != engine::ErrorCode::cancelled &&
             result.error().code != engine::ErrorCode::unavailable) {
    log_.problem("completion failed: " + engine::to_string(result.error()));
  }
  std::vector<std::pair<Asker, FillAnswer>> answered;
  answered.reserve(done.askers.size());
  for (const Asker& asker : done.askers) answered.emplace_back(asker, answer);
  take_known(answered);
  serve_next();
  for (const auto& [asker, its_answer] : answered) asker.done(its_answer);
}

/// Questions that the newest answer covers as well: of fewer alternatives, or a little further on.
void FillQueue::take_known(std::vector<std::pair<Asker, FillAnswer>>& answered) {
  for (auto work = works_.begin(); work != works_.end();) {
    const auto fills = work->running ? std::nullopt : cache_.find(place_of(work->question));
    if (!fills) {
      ++work;
      continue;
    }
    for (Asker& asker : work->askers) {
      answered.emplace_back(std::move(asker), FillAnswer{FillAnswer::End::answered, *fills});
    }
    work = works_.erase(work);
  }
}

}  // namespace inpaint::lsp
