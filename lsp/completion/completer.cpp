#include "lsp/completion/completer.h"

#include <optional>
#include <string_view>
#include <utility>

#include "grammar/check/hole_constraint.h"
#include "grammar/check/promise.h"
#include "grammar/tree/parser.h"
#include "lsp/completion/fill_request.h"
#include "lsp/completion/window.h"
#include "lsp/retrieval/draft_finder.h"

namespace inpaint::lsp {
namespace {

using engine::Clock;
using grammar::ByteRange;
using grammar::Promise;

constexpr std::chrono::milliseconds kParseLimit{50};
constexpr std::size_t kDrafts = 4;  // each costs a forward of its length

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Written written_as(const engine::Fill& fill, const std::optional<Candidate>& candidate) {
  if (fill.text.empty() && !fill.cut) return Written::nothing;
  if (!candidate || candidate->text.empty()) return Written::withheld;
  if (fill.cut) return Written::cut;
  return candidate->repaired ? Written::repaired : Written::straight;
}

/// One completion while it is made. Views into the request, which outlives it.
class Making {
 public:
  explicit Making(const CompletionRequest& request) : request_(request), text_(*request.place.text) {}

  void plan();
  void find_drafts();
  engine::FillRequest fill_request() const;
  void collect(const engine::FillReply& reply);
  Completion take() { return std::move(completion_); }

 private:
  std::string_view before() const { return text_.substr(0, completion_.hole.range.begin); }
  std::string_view behind() const { return text_.substr(completion_.hole.range.end); }
  void count_errors();

  const CompletionRequest& request_;
  std::string_view text_;
  ByteRange window_;
  std::shared_ptr<const grammar::SyntaxTree> tree_;  // null: no grammar, or it takes too long
  std::optional<Promise> promise_;  // ours: the constraint has its own, on the engine's thread
  std::shared_ptr<grammar::HoleConstraint> constraint_;
  std::vector<Draft> drafts_;
  Completion completion_;
};

void Making::plan() {
  tree_ = request_.place.tree;
  if (!tree_ && request_.place.language) {
    auto parsed =
        grammar::Parser(*request_.place.language).parse(text_, nullptr, Clock::now() + kParseLimit);
    if (parsed) tree_ = std::make_shared<const grammar::SyntaxTree>(std::move(*parsed));
  }
  completion_.hole = grammar::plan_hole({.text = text_,
                                         .cursor = request_.place.cursor,
                                         .language = request_.place.language,
                                         .tree = tree_.get(),
                                         .kind = request_.kind,
                                         .insertion_only = request_.insertion_only});
  window_ = cut_window(text_, completion_.hole.range);
  // A text that takes too long to parse is treated like one without a grammar.
  const grammar::Language* language = tree_ ? request_.place.language : nullptr;
  if (language)
    promise_.emplace(*language, request_.place.text, completion_.hole.range, completion_.hole.kind, tree_.get(),
                     request_.place.errors_before_opening);
  constraint_ = std::make_shared<grammar::HoleConstraint>(
      language, request_.place.text, completion_.hole, tree_.get(), request_.place.errors_before_opening);
  if (!request_.viable_prefix) constraint_->leave_out_prefix();
}

void Making::find_drafts() {
  if (!request_.drafts) return;
  const ByteRange hole = completion_.hole.range;
  drafts_ = lsp::find_drafts({.text = text_.substr(window_.begin, window_.size()),
                              .hole = {hole.begin - window_.begin, hole.end - window_.begin},
                              .kind = completion_.hole.kind,
                              .language = request_.place.language,
                              .max_drafts = kDrafts,
                              .max_bytes = static_cast<std::size_t>(request_.decoding.max_tokens) * 4,
                              .neighbours = engine::view(request_.place.neighbours)});
}

/// The window around the hole. What stands in the hole is not shown, so it does not go along.
engine::FillRequest Making::fill_request() const {
  const ByteRange range = completion_.hole.range;
  const std::string_view shown_before = text_.substr(window_.begin, range.begin - window_.begin);
  const std::string_view shown_behind = text_.substr(range.end, window_.end - range.end);

  engine::FillRequest fill = fill_request_for(request_);
  fill.text.reserve(shown_before.size() + shown_behind.size());
  fill.text.append(shown_before).append(shown_behind);
  engine::Hole hole{.range = {shown_before.size(), shown_before.size()},
                    .stops_at_newline = completion_.hole.stops_at_newline,
                    .constraint = constraint_,
                    .drafts = {}};
  for (const Draft& draft : drafts_) hole.drafts.push_back(draft.text);
  fill.holes.push_back(std::move(hole));
  if (request_.on_step) {
    fill.on_step = [this](const engine::Step& step) { request_.on_step(completion_.hole, step); };
  }
  return fill;
}

void Making::collect(const engine::FillReply& reply) {
  completion_.milliseconds.prefix =
      std::chrono::duration<double, std::milli>(constraint_->prefix_time()).count();
  const CandidatePlace place{.before = before(),
                             .behind = behind(),
                             .hole = completion_.hole,
                             .style = line_style(text_, request_.place.cursor),
                             .language = request_.place.language,
                             .promise = promise_ ? &*promise_ : nullptr};
  std::vector<Candidate> written;
  for (const engine::Alternative& alternative : reply.alternatives) {
    auto candidate = make_candidate(alternative.fills.front(), place);
    if (!completion_.written)
      completion_.written = written_as(alternative.fills.front(), candidate);
    if (candidate) written.push_back(std::move(*candidate));
    else ++completion_.n_withheld;
  }
  std::vector<DraftCandidate> found;
  for (std::size_t i = 0; i < drafts_.size() && !reply.drafts.empty(); ++i) {
    auto candidate = make_candidate(reply.drafts.front()[i], place);
    if (candidate) found.push_back({std::move(*candidate), drafts_[i]});
  }
  completion_.candidates = rank(std::move(written), std::move(found));
  std::erase_if(completion_.candidates, [](const Candidate& c) { return c.text.empty(); });
  if (promise_)
    completion_.n_withheld +=
        static_cast<int>(std::erase_if(completion_.candidates, [this](const Candidate& c) {
          return !promise_->still_holds(c.text);
        }));
  if (request_.decoding.gate)
    completion_.n_withheld += static_cast<int>(std::erase_if(
        completion_.candidates, [](const Candidate& c) { return c.probability < kShownFrom; }));
  const auto wanted = static_cast<std::size_t>(request_.max_candidates > 0 ? request_.max_candidates
                                                                           : request_.decoding.alternatives);
  if (completion_.candidates.size() > wanted) completion_.candidates.resize(wanted);
  count_errors();
}

void Making::count_errors() {
  if (!promise_ || !request_.count_errors) return;
  const auto nodes = [](grammar::ErrorCount count) { return static_cast<int>(count.nodes); };
  const std::string_view best =
      completion_.candidates.empty() ? "" : std::string_view(completion_.candidates.front().text);
  completion_.errors_before = nodes(promise_->before());
  completion_.errors_baseline = nodes(promise_->baseline());
  completion_.errors_after = nodes(promise_->after(best));
}

}  // namespace

std::string_view to_string(Written written) {
  switch (written) {
    case Written::straight: return "straight";
    case Written::repaired: return "repaired";
    case Written::cut: return "cut";
    case Written::nothing: return "nothing";
    case Written::withheld: return "withheld";
  }
  return "unknown";
}

engine::Result<Completion> Completer::complete(const CompletionRequest& request) const {
  const Clock::time_point start = Clock::now();
  const std::size_t size = request.place.text->size();
  if (request.place.cursor > size) {
    return engine::failure(engine::ErrorCode::bad_argument, "cursor",
                           "byte " + std::to_string(request.place.cursor) + " of a text of " +
                               std::to_string(size) + " bytes");
  }
  Making making(request);
  making.plan();
  making.find_drafts();
  const double planned = milliseconds_since(start);

  engine::FillRequest fill = making.fill_request();
  fill.since = start;
  const engine::Result<engine::FillReply> reply = engine_.fill(std::move(fill));
  if (!reply) return std::unexpected(reply.error());

  making.collect(*reply);
  Completion completion = making.take();
  completion.forwards = reply->forwards;
  completion.deadline_reached = reply->deadline_reached;
  completion.milliseconds.parse = planned;
  completion.milliseconds.context = reply->context_ms;
  completion.milliseconds.denoise = reply->denoise_ms;
  completion.milliseconds.total = milliseconds_since(start);
  return completion;
}

}  // namespace inpaint::lsp
