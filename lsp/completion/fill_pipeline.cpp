#include "lsp/completion/fill_pipeline.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/elapsed.h"
#include "lsp/completion/prospect.h"
#include "lsp/completion/text_fit.h"
#include "lsp/completion/window.h"
#include "lsp/retrieval/draft_finder.h"

namespace inpaint::lsp {
namespace {

using engine::Clock;
using engine::milliseconds_since;
using grammar::ByteRange;

constexpr std::size_t kCompetingDrafts = 4;

/// A forward of published weights costs more with each row, and of what is shown first the second draft makes no
/// difference: of 303 cases 36.6 % are exact with one and with four (engine/training/README.md).
std::size_t scored_drafts(const CompletionRequest& request, Writer writer) {
  const int wanted =
      request.max_candidates > 0 ? request.max_candidates : request.decoding.alternatives;
  return writer == Writer::published && wanted == 1 ? 1 : kCompetingDrafts;
}

/// One request while it is answered. Views into the request and the holes, which outlive it.
class Pipeline {
 public:
  Pipeline(const CompletionRequest& request, std::span<const HolePlan> holes, Writer writer)
      : request_(request),
        writer_(writer),
        place_(request.place),
        text_(*request.place.text),
        holes_(holes),
        n_scored_(scored_drafts(request, writer)),
        window_(cut_window(text_, {holes.front().range.begin, holes.back().range.end})),
        style_(line_style(text_, place_.cursor)) {}

  void find_drafts(DraftUse use);
  engine::FillRequest fill_request(Clock::time_point since, DraftUse use);
  Filled collect(const engine::FillReply& reply, DraftUse use);

 private:
  bool goes_on(const engine::Step& step);
  std::expected<Candidate, SilenceReason> candidate(const engine::Fill& fill, std::string_view text,
                                                    const HolePlan& hole,
                                                    grammar::Promise* promise) const;
  std::vector<FilledHole> settle(const engine::Alternative& alternative) const;
  std::vector<DraftCandidate> competing(std::size_t hole, std::span<const engine::Fill> scored);

  const CompletionRequest& request_;
  Writer writer_;
  const Place& place_;
  std::string_view text_;
  std::span<const HolePlan> holes_;
  std::size_t n_scored_;  // drafts that the model is asked about
  ByteRange window_;
  LineStyle style_;
  std::vector<std::vector<Draft>> drafts_;  // of each hole
  std::vector<std::shared_ptr<grammar::HoleConstraint>> constraints_;
  std::optional<Prospect> prospect_;  // where silence may be foreseen
  std::optional<Hopeless> hopeless_;
};

void Pipeline::find_drafts(DraftUse use) {
  drafts_.resize(holes_.size());
  if (!request_.drafts) return;
  for (std::size_t j = 0; j < holes_.size(); ++j) {
    const ByteRange hole = holes_[j].range;
    drafts_[j] =
        lsp::find_drafts({.text = text_.substr(window_.begin, window_.size()),
                          .hole = {hole.begin - window_.begin, hole.end - window_.begin},
                          .kind = holes_[j].kind,
                          .language = place_.language,
                          .max_drafts = use == DraftUse::compete ? kCompetingDrafts : 1,
                          .max_bytes = static_cast<std::size_t>(request_.decoding.max_tokens) * 4,
                          .neighbours = engine::view(place_.neighbours)});
    // The model is asked about the first of them: not about one that would never be shown. What writing only
    // starts from need not be shown.
    if (use == DraftUse::compete)
      std::erase_if(drafts_[j], [&](const Draft& draft) {
        const auto made = candidate(engine::Fill{.text = draft.text}, text_, holes_[j], nullptr);
        return !made || made->text.empty();
      });
  }
}

/// The window around all holes. What stands in them is not shown, so it does not go along.
engine::FillRequest Pipeline::fill_request(Clock::time_point since, DraftUse use) {
  engine::FillRequest fill;
  fill.path = place_.path;
  fill.snippets = place_.snippets;
  fill.neighbours = place_.neighbours;
  fill.decoding = request_.decoding;
  fill.since = since;
  fill.stop = request_.stop;
  // Of several texts one that is given up may stand beside one that is not.
  if (use == DraftUse::compete && request_.decoding.gate && request_.decoding.alternatives == 1)
    prospect_.emplace(holes_.front(), drafts_.front(), std::min(n_scored_, drafts_.front().size()),
                      static_cast<std::size_t>(fill.decoding.max_tokens), writer_);
  if (prospect_ || request_.on_step)
    fill.on_step = [this](const engine::Step& step) { return goes_on(step); };
  // A text that takes too long to parse is checked like one without a grammar.
  const grammar::Language* checked = place_.tree ? place_.language : nullptr;
  fill.text.reserve(window_.size());
  std::size_t shown = window_.begin;
  for (std::size_t j = 0; j < holes_.size(); ++j) {
    const HolePlan& plan = holes_[j];
    fill.text += text_.substr(shown, plan.range.begin - shown);
    shown = plan.range.end;
    constraints_.push_back(std::make_shared<grammar::HoleConstraint>(
        checked, place_.text, plan, place_.tree.get(), place_.errors_before_opening));
    constraints_.back()->measure(request_.prefix_trial);
    engine::Hole hole{.range = {fill.text.size(), fill.text.size()},
                      .stops_at_newline = plan.stops_at_newline,
                      .constraint = constraints_.back(),
                      .drafts = {}};
    for (const Draft& draft : drafts_[j])
      if (hole.drafts.size() < n_scored_) hole.drafts.push_back(draft.text);
    fill.holes.push_back(std::move(hole));
  }
  fill.text += text_.substr(shown, window_.end - shown);
  return fill;
}

bool Pipeline::goes_on(const engine::Step& step) {
  if (request_.on_step) request_.on_step(holes_[static_cast<std::size_t>(step.hole)], step);
  if (!prospect_) return true;
  const float most = prospect_->most(step);
  if (most >= shown_from(writer_)) return true;
  hopeless_ = Hopeless{most, shown_from(writer_)};
  return false;
}

std::expected<Candidate, SilenceReason> Pipeline::candidate(const engine::Fill& fill,
                                                            std::string_view text,
                                                            const HolePlan& hole,
                                                            grammar::Promise* promise) const {
  auto made = make_candidate(fill, {.before = text.substr(0, hole.range.begin),
                                    .behind = text.substr(hole.range.end),
                                    .hole = hole,
                                    .style = style_,
                                    .language = place_.language,
                                    .promise = promise});
  if (made) made->evidence.writer = writer_;
  return made;
}

/// One alternative, hole after hole, each in the text that the holes before it have become.
std::vector<FilledHole> Pipeline::settle(const engine::Alternative& alternative) const {
  std::vector<FilledHole> filled;
  std::shared_ptr<const std::string> text = place_.text;
  for (std::size_t j = 0; j < holes_.size(); ++j) {
    // The hole lies as far from the end as ever.
    HolePlan hole = holes_[j];
    hole.range = {text->size() - (text_.size() - hole.range.begin),
                  text->size() - (text_.size() - hole.range.end)};
    grammar::Promise* promise = constraints_[j]->promise();
    std::optional<grammar::Promise> of_this_text;
    if (promise != nullptr && text != place_.text)
      promise = &of_this_text.emplace(*place_.language, text, hole.range, hole.kind, nullptr,
                                      place_.errors_before_opening);
    const engine::Fill& fill = alternative.fills[j];
    auto made = candidate(fill, *text, hole, promise);
    const Written written = written_as(fill, made ? &*made : nullptr);
    // Behind the last hole no other asks for the text that this one makes.
    if (made && !made->text.empty() && j + 1 < holes_.size()) {
      std::string next = *text;
      next.replace(hole.range.begin, hole.range.size(), made->text);
      text = std::make_shared<const std::string>(std::move(next));
    }
    filled.push_back({std::move(made), written});
  }
  return filled;
}

std::vector<DraftCandidate> Pipeline::competing(std::size_t hole,
                                                std::span<const engine::Fill> scored) {
  std::vector<DraftCandidate> found;
  for (std::size_t i = 0; i < drafts_[hole].size(); ++i) {
    Draft& draft = drafts_[hole][i];
    const bool is_scored = i < scored.size();
    const engine::Fill unscored{.text = is_scored ? "" : draft.text};
    auto made = candidate(is_scored ? scored[i] : unscored, text_, holes_[hole],
                          constraints_[hole]->promise());
    if (made) found.push_back({std::move(*made), std::move(draft), is_scored});
  }
  return found;
}

Filled Pipeline::collect(const engine::FillReply& reply, DraftUse use) {
  // The last word on a text is the same, whatever the engine tried and threw away before it.
  for (const auto& constraint : constraints_)
    if (constraint->promise() != nullptr) constraint->promise()->forget_fills();
  Filled filled;
  filled.hopeless = hopeless_;
  if (!hopeless_) {  // nobody looks at a text that was given up
    for (const engine::Alternative& alternative : reply.alternatives)
      filled.alternatives.push_back(settle(alternative));
    for (std::size_t j = 0; use == DraftUse::compete && j < reply.drafts.size(); ++j)
      filled.drafts.push_back(competing(j, reply.drafts[j]));
  }
  filled.drafts.resize(holes_.size());
  filled.constraints = std::move(constraints_);
  filled.forwards = reply.forwards;
  filled.deadline_reached = reply.deadline_reached;
  filled.context_ms = reply.context_ms;
  filled.denoise_ms = reply.denoise_ms;
  return filled;
}

}  // namespace

engine::Result<Filled> fill_holes(engine::Engine& engine, const CompletionRequest& request,
                                  std::span<const HolePlan> holes, DraftUse drafts,
                                  Clock::time_point since) {
  if (holes.empty())
    return engine::failure(engine::ErrorCode::bad_argument, "fill", "there is no hole",
                           "select, or mark, what is to be written");
  if (const std::size_t size = request.place.text->size(); holes.back().range.end > size)
    return engine::failure(engine::ErrorCode::bad_argument, "fill",
                           "a hole ends behind the text of " + std::to_string(size) + " bytes");
  const Clock::time_point start = Clock::now();
  // Published weights alone are asked in a format that is not the embedded model's own.
  const Writer writer = engine.info().prompt_format.empty() ? Writer::embedded : Writer::published;
  Pipeline pipeline(request, holes, writer);
  pipeline.find_drafts(drafts);
  engine::FillRequest fill = pipeline.fill_request(since, drafts);
  const double prepared = milliseconds_since(start);
  const engine::Result<engine::FillReply> reply = engine.fill(std::move(fill));
  if (!reply) return std::unexpected(reply.error());
  Filled filled = pipeline.collect(*reply, drafts);
  filled.prepare_ms = prepared;
  return filled;
}

}  // namespace inpaint::lsp
