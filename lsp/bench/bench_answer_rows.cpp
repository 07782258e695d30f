#include "lsp/bench/bench_answer_rows.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "grammar/check/promise.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/bench/bench_text.h"
#include "lsp/client/settings.h"
#include "lsp/completion/completer.h"

namespace inpaint::lsp {
namespace {

using Clock = BenchSampler::Clock;
using engine::milliseconds_since;

const char* const kNoLine = "no line of the text is long enough";

struct AnswerText {
  std::string text;  // whole files, which parse
  std::vector<BenchPlace> places;
  const grammar::Language* language = nullptr;  // null: none is known for the path
};

AnswerText answer_text(const BenchSubject& subject) {
  const std::size_t lines =
      std::min(std::max(subject.n_whole_lines, kBenchLines), subject.lines.size());
  AnswerText text{join_lines(std::span(subject.lines).first(lines)), {}, nullptr};
  text.places = bench_places(text.text);
  text.language = grammar::language_for_path(subject.path, text.text);
  return text;
}

/// A line cut in its middle is filled with what was there and `more`, and the file's tree is known, as
/// the server knows it. A bracket too many breaks nothing in a comment.
void measure_promise(BenchSampler& sampler, const AnswerText& text, const std::string& what,
                     double budget, std::initializer_list<std::string_view> more) {
  Series* series = sampler.row(what, "ms", budget);
  if (!series) return;
  if (!text.language || text.places.empty()) {
    series->note = text.language ? kNoLine : "there is no grammar for the file";
    return;
  }
  std::size_t held = 0;
  sampler.repeat([&](std::size_t i) {
    const BenchPlace place = text.places[(i * 37) % text.places.size()];
    const std::size_t cursor = place.begin + (place.end - place.begin) / 2;
    const std::string cut = text_without(text.text, cursor, place.end);
    const std::string rest = text.text.substr(cursor, place.end - cursor);
    const auto tree = grammar::SyntaxTree::parse(*text.language, cut);
    if (!tree) return false;
    const HolePlan hole = grammar::plan_hole(
        {.text = cut, .cursor = cursor, .language = text.language, .tree = &*tree});
    const auto start = Clock::now();
    grammar::Promise promise(*text.language, cut, hole.range, hole.kind, &*tree);
    for (const std::string_view tail : more)
      held += promise.holds(rest + std::string(tail)) ? 1 : 0;
    series->values.push_back(milliseconds_since(start));
    return true;
  });
  series->note = fmt::format("{} bytes of text; held for {} of {}", text.text.size(), held,
                             series->values.size() * more.size());
}

/// Some keys in the middle of a line, then another line: what a line costs differs widely.
constexpr std::size_t kKeysInALine = 4;

/// As textDocument/inlineCompletion asks at a key: lossless, with drafts, constraint and promise, and
/// the text parsed anew. What the type-through cache would answer is asked as well.
void measure_keys(BenchSampler& sampler, const AnswerText& text) {
  Series* series = sampler.row("line answered, warm", "ms", 150.0);
  if (!series) return;
  if (text.places.empty()) {
    series->note = kNoLine;
    return;
  }
  const Settings settings;
  const Completer completer(sampler.subject().engine);
  CompletionRequest request;
  request.place.path = sampler.new_path();
  request.place.language = text.language;
  request.decoding = settings.decoding;
  request.decoding.alternatives = 1;  // as where nobody asks in person
  request.decoding.exact_context = false;
  request.stop = sampler.subject().stop;
  const auto ask = [&](std::size_t cursor, std::size_t line_end) {
    request.place.text =
        std::make_shared<const std::string>(text_without(text.text, cursor, line_end));
    request.place.cursor = cursor;
    return completer.complete(request);
  };
  std::size_t shown = 0;
  double parse = 0.0;
  double context = 0.0;
  double denoise = 0.0;
  sampler.repeat([&](std::size_t i) {
    const BenchPlace place = text.places[(i / kKeysInALine * 37) % text.places.size()];
    const std::size_t cursor = place.begin + (place.end - place.begin) / 2;
    // The first question in a line, when the cursor has just come there, is not a keystroke.
    if (i % kKeysInALine == 0 && !keep(*series, ask(cursor, place.end))) return false;
    const std::size_t typed = cursor + 1 + i % kKeysInALine;
    const auto start = Clock::now();
    const auto completion = ask(typed, place.end);
    const double milliseconds = milliseconds_since(start);
    if (!keep(*series, completion)) return false;
    series->values.push_back(milliseconds);
    shown += completion->candidates.empty() ? 0 : 1;
    parse += completion->milliseconds.parse;
    context += completion->milliseconds.context;
    denoise += completion->milliseconds.denoise;
    return true;
  });
  if (series->values.empty() || !series->note.empty()) return;
  const auto n = static_cast<double>(series->values.size());
  series->note = fmt::format(
      "as the server asks, {} bytes of text; mean ms: plan {:.1f}, context {:.1f}, decode {:.1f}; "
      "shown at {} of {} keys",
      text.text.size(), parse / n, context / n, denoise / n, shown, series->values.size());
}

}  // namespace

void measure_answers(BenchSampler& sampler) {
  const AnswerText text = answer_text(sampler.subject());
  measure_promise(sampler, text, "promise for one fill", 3.0, {""});
  measure_promise(sampler, text, "promise for one fill, a bracket too many", 3.0, {")"});
  measure_promise(sampler, text, "promise for five fills", 5.0, {"", ";", " + 1", ")", "("});
  measure_keys(sampler, text);
}

}  // namespace inpaint::lsp
