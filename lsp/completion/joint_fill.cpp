#include "lsp/completion/joint_fill.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "grammar/check/hole_constraint.h"
#include "grammar/check/promise.h"
#include "lsp/completion/candidate.h"
#include "lsp/completion/fill_request.h"
#include "lsp/completion/text_fit.h"
#include "lsp/completion/window.h"
#include "lsp/retrieval/draft_finder.h"

namespace inpaint::lsp {
namespace {

using grammar::ByteRange;
using grammar::HolePlan;
using Texts = std::vector<std::optional<std::string>>;

class Joint {
 public:
  Joint(const CompletionRequest& request, const std::vector<HolePlan>& holes)
      : request_(request), holes_(holes) {}

  engine::FillRequest fill_request() const;
  Texts settle(const engine::Alternative& alternative) const;

 private:
  std::vector<std::string> drafts_of(const HolePlan& hole, ByteRange window) const;

  const CompletionRequest& request_;
  const std::vector<HolePlan>& holes_;
};

std::vector<std::string> Joint::drafts_of(const HolePlan& hole, ByteRange window) const {
  std::vector<std::string> texts;
  if (!request_.drafts) return texts;
  const auto drafts =
      find_drafts({.text = std::string_view(*request_.place.text).substr(window.begin, window.size()),
                   .hole = {hole.range.begin - window.begin, hole.range.end - window.begin},
                   .kind = hole.kind,
                   .language = request_.place.language,
                   .max_drafts = 1,  // only the one that writing starts from is of use here
                   .max_bytes = static_cast<std::size_t>(request_.decoding.max_tokens) * 4,
                   .neighbours = engine::view(request_.place.neighbours)});
  for (const Draft& draft : drafts) texts.push_back(draft.text);
  return texts;
}

/// The window around all holes. What stands in them is not shown, so it does not go along.
engine::FillRequest Joint::fill_request() const {
  const std::string_view text = *request_.place.text;
  const ByteRange window = cut_window(text, {holes_.front().range.begin, holes_.back().range.end});
  engine::FillRequest fill = fill_request_for(request_);
  std::size_t shown = window.begin;
  for (const HolePlan& plan : holes_) {
    fill.text += text.substr(shown, plan.range.begin - shown);
    shown = plan.range.end;
    engine::Hole hole;
    hole.range = {fill.text.size(), fill.text.size()};
    hole.stops_at_newline = plan.stops_at_newline;
    hole.constraint = std::make_shared<grammar::HoleConstraint>(
        request_.place.language, request_.place.text, plan, request_.place.tree.get(),
        request_.place.errors_before_opening);
    hole.drafts = drafts_of(plan, window);
    fill.holes.push_back(std::move(hole));
  }
  fill.text += text.substr(shown, window.end - shown);
  fill.decoding.gate = false;  // somebody asked for it, and waits
  return fill;
}

Texts Joint::settle(const engine::Alternative& alternative) const {
  Texts texts;
  std::string text = *request_.place.text;
  const std::size_t size = text.size();
  const LineStyle style = line_style(text, holes_.front().range.begin);
  for (std::size_t j = 0; j < holes_.size(); ++j) {
    // The texts in front of this hole are in place; it lies as far from the end as ever.
    HolePlan hole = holes_[j];
    hole.range = {text.size() - (size - hole.range.begin),
                  text.size() - (size - hole.range.end)};
    std::optional<grammar::Promise> promise;
    if (request_.place.language != nullptr)
      promise.emplace(*request_.place.language, text, hole.range, hole.kind,
                      j == 0 ? request_.place.tree.get() : nullptr, request_.place.errors_before_opening);
    const std::string_view view = text;
    const auto candidate =
        make_candidate(alternative.fills[j], {.before = view.substr(0, hole.range.begin),
                                              .behind = view.substr(hole.range.end),
                                              .hole = hole,
                                              .style = style,
                                              .language = request_.place.language,
                                              .promise = promise ? &*promise : nullptr});
    if (!candidate || candidate->text.empty()) {
      texts.emplace_back();
      continue;
    }
    text.replace(hole.range.begin, hole.range.size(), candidate->text);
    texts.emplace_back(candidate->text);
  }
  return texts;
}

std::ptrdiff_t n_filled(const Texts& texts) {
  return std::ranges::count_if(texts, [](const auto& text) { return text.has_value(); });
}

}  // namespace

engine::Result<JointFill> fill_jointly(engine::Engine& engine, const CompletionRequest& request,
                                       const std::vector<HolePlan>& holes) {
  if (holes.empty())
    return engine::failure(engine::ErrorCode::bad_argument, "fill", "there is no hole",
                           "select, or mark, what is to be written");
  if (holes.back().range.end > request.place.text->size())
    return engine::failure(engine::ErrorCode::bad_argument, "fill",
                           "a hole ends behind the text of " + std::to_string(request.place.text->size()) +
                               " bytes");
  const engine::Clock::time_point start = engine::Clock::now();
  const Joint joint(request, holes);
  engine::FillRequest fill = joint.fill_request();
  fill.since = start;
  const engine::Result<engine::FillReply> reply = engine.fill(std::move(fill));
  if (!reply) return std::unexpected(reply.error());

  JointFill result;
  result.forwards = reply->forwards;
  result.deadline_reached = reply->deadline_reached;
  for (const engine::Alternative& alternative : reply->alternatives) {
    Texts texts = joint.settle(alternative);
    if (n_filled(texts) > 0 &&
        std::ranges::find(result.alternatives, texts) == result.alternatives.end())
      result.alternatives.push_back(std::move(texts));
  }
  std::ranges::stable_sort(result.alternatives, std::ranges::greater{}, n_filled);
  return result;
}

}  // namespace inpaint::lsp
