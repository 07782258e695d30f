#include "lsp/completion/candidate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "engine/base/utf8.h"
#include "grammar/base/text_lines.h"
#include "grammar/lexical/lexical_rules.h"

namespace inpaint::lsp {
namespace {

using engine::SpanToken;

/// The tokens that spell `text`, which is a prefix of what they spell; else one for all of it.
std::vector<SpanToken> tokens_of(const engine::Fill& fill, std::string_view text) {
  std::vector<SpanToken> tokens;
  std::size_t spelled = 0;
  if (std::string_view(fill.text).starts_with(text)) {
    for (const SpanToken& token : fill.tokens) {
      if (spelled >= text.size()) break;
      tokens.push_back(token);
      spelled += token.text.size();
    }
    return tokens;
  }
  if (text.empty()) return tokens;
  float least = 1.0F;
  for (const SpanToken& token : fill.tokens) least = std::min(least, token.confidence);
  tokens.push_back({SpanToken::State::committed, std::string(text), least});
  return tokens;
}

/// `fill` without the tail that the text behind says again, if only that keeps the promise.
std::optional<std::string> without_doubled_tail(std::string_view fill,
                                                const CandidatePlace& place) {
  constexpr std::size_t kLongestTail = 8;  // closing brackets, a quote, a semicolon
  std::string_view behind = place.behind;
  while (!behind.empty() && grammar::is_blank(behind.front())) behind.remove_prefix(1);
  for (std::size_t n = std::min({fill.size(), behind.size(), kLongestTail}); n > 0; --n) {
    if (!fill.ends_with(behind.substr(0, n))) continue;
    const std::string_view rest = fill.substr(0, fill.size() - n);
    if (engine::valid_utf8_prefix(rest) == rest.size() && place.promise->holds(rest))
      return std::string(rest);
  }
  return std::nullopt;
}

bool holds(const std::vector<Candidate>& candidates, std::string_view text) {
  return std::ranges::find(candidates, text, &Candidate::text) != candidates.end();
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

Written written_as(const engine::Fill& fill, const Candidate* candidate) {
  if (fill.text.empty() && !fill.cut) return Written::nothing;
  if (candidate == nullptr || candidate->text.empty()) return Written::withheld;
  if (fill.cut) return Written::cut;
  return candidate->repaired ? Written::repaired : Written::straight;
}

Evidence evidence_of(const engine::Fill& fill, const grammar::HolePlan& hole) {
  Evidence evidence;
  evidence.one_line = hole.stops_at_newline;
  evidence.n_tokens = fill.tokens.size();
  // The fill's probability is the product over its tokens and what closed it.
  static constexpr float kLeast = -60.0F;
  const auto log_of = [](float p) { return p > 0.0F ? std::max(kLeast, std::log(p)) : kLeast; };
  float tokens = 0.0F;
  float least = 0.0F;
  for (const SpanToken& token : fill.tokens) {
    const float log_probability = log_of(token.confidence);
    tokens += log_probability;
    least = std::min(least, log_probability);
  }
  const float whole =
      std::min(tokens, fill.probability > 0.0F ? std::log(fill.probability) : tokens + kLeast);
  evidence.least_log_probability = std::min(least, whole - tokens);
  evidence.mean_log_probability = whole / static_cast<float>(fill.tokens.size() + 1);
  return evidence;
}

std::expected<Candidate, SilenceReason> make_candidate(const engine::Fill& fill,
                                                       const CandidatePlace& place) {
  std::string_view text =
      std::string_view(fill.text).substr(0, engine::valid_utf8_prefix(fill.text));
  if (place.hole.stops_at_newline) text = text.substr(0, text.find_first_of("\r\n"));
  if (place.hole.kind == grammar::HoleKind::block && place.language &&
      grammar::lexical_rules(place.language).indents)
    text = within_body(text, place.before, *place.language);
  const std::size_t line = place.before.find_last_of('\n') + 1;  // 0 where there is none
  const bool begins_line = line == place.before.size();
  // Indentation that stands already is not written again.
  if (!begins_line && grammar::is_blank(place.before.substr(line)))
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const bool text_behind =
      !place.behind.empty() && place.behind.front() != '\n' && place.behind.front() != '\r';
  std::string styled = in_style(without_circles(text), place.style, {begins_line, text_behind});
  std::string fitted(trim_suffix_overlap(styled, place.before, place.behind));
  if (!text_behind)
    while (!fitted.empty() && grammar::is_blank(fitted.back())) fitted.pop_back();
  if (repeats_neighbour(fitted, place.before, place.behind) || repeats_word(fitted, place.before))
    return std::unexpected(SilenceReason::repeats);
  if (is_empty_comment(fitted, place.language))
    return std::unexpected(SilenceReason::nothing_written);

  Candidate candidate;
  candidate.repaired = fill.repaired || fill.cut;
  if (place.promise != nullptr && !place.promise->holds(fitted)) {
    std::optional<std::string> shorter = without_doubled_tail(fitted, place);
    if (!shorter) return std::unexpected(SilenceReason::unparsable);
    fitted = std::move(*shorter);
    candidate.repaired = true;
  }
  candidate.tokens = tokens_of(fill, fitted);
  candidate.text = std::move(fitted);
  candidate.evidence = evidence_of(fill, place.hole);
  return candidate;
}

std::vector<Candidate> rank(std::vector<Candidate> written, std::vector<DraftCandidate> drafts) {
  struct Found {
    std::string text;
    float probability = 0.0F;
  };
  std::vector<Found> all;
  all.reserve(drafts.size());
  for (const DraftCandidate& found : drafts)
    all.push_back({found.candidate.text, static_cast<float>(found.draft.probability)});
  std::erase_if(drafts, [](const DraftCandidate& found) { return !found.scored; });
  const auto best_of = [](const auto& list, const auto& evidence) {
    float best = -std::numeric_limits<float>::infinity();
    for (const auto& entry : list) best = std::max(best, evidence(entry).mean_log_probability);
    return best;
  };
  const float best_draft = best_of(
      drafts, [](const DraftCandidate& d) -> const Evidence& { return d.candidate.evidence; });
  const float best_written =
      best_of(written, [](const Candidate& c) -> const Evidence& { return c.evidence; });

  std::vector<Candidate> ranked;
  const auto take = [&](Candidate candidate, Origin origin, bool has_rival, float rival) {
    if (holds(ranked, candidate.text)) return;
    candidate.evidence.origin = origin;
    candidate.evidence.has_rival = has_rival;
    if (has_rival) candidate.evidence.rival_log_probability = rival;
    for (const Found& found : all) {
      float& of_it = found.text == candidate.text ? candidate.evidence.draft_probability
                                                  : candidate.evidence.rival_draft_probability;
      of_it = std::max(of_it, found.probability);
    }
    candidate.probability = probability_right(candidate.evidence);
    ranked.push_back(std::move(candidate));
  };
  for (Candidate& candidate : written) {
    const bool is_found = std::ranges::find(all, candidate.text, &Found::text) != all.end();
    take(std::move(candidate), is_found ? Origin::both : Origin::model,
         !is_found && !drafts.empty(), best_draft);
  }
  for (DraftCandidate& found : drafts)
    take(std::move(found.candidate), Origin::draft, !written.empty(), best_written);
  std::ranges::stable_sort(ranked, std::ranges::greater{}, &Candidate::probability);
  return ranked;
}

}  // namespace inpaint::lsp
