// What trees, plans and constraints cost per keystroke and per candidate.
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "grammar/base/text_edit.h"
#include "grammar/check/hole_constraint.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/parser.h"

namespace inpaint::benchmarks {
namespace {

using grammar::HoleConstraint;
using grammar::HolePlan;
using grammar::Language;
using grammar::SyntaxTree;

/// A file of about 100 lines, so many times.
struct Source {
  const Language* language = nullptr;
  std::string text;
};

Source source_of(bool python, std::int64_t copies) {
  const std::string name = python ? "queue.py" : "ledger.cpp";
  std::ifstream file(INPAINT_SOURCE_DIR "/tests/golden/grammar/sources/" + name);
  const std::string once{std::istreambuf_iterator<char>(file), {}};
  Source source{grammar::language_for_path(name), {}};
  for (std::int64_t i = 0; i < copies; ++i) source.text += once;
  return source;
}

/// An empty body in the middle of the file, and what stood in it.
struct Place {
  Source source;
  HolePlan plan;
  std::string fill;
  std::optional<SyntaxTree> tree;
};

Place place_of(bool python, std::int64_t copies) {
  Place place{source_of(python, copies), {}, {}, {}};
  std::string& text = place.source.text;
  const std::string_view head = python ? "return self.tries < 0" : "function(account, cents);";
  const std::size_t begin = text.find(head, text.size() / 5);
  place.fill = head;
  text.erase(begin, head.size());
  place.plan = {{begin, begin}, grammar::HoleKind::line, true};
  place.tree = SyntaxTree::parse(*place.source.language, text);
  return place;
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"python", "copies"})->ArgsProduct({{0, 1}, {1, 10, 85}});
}

void parse(benchmark::State& state) {
  const Source source = source_of(state.range(0) != 0, state.range(1));
  grammar::Parser parser(*source.language);
  for (auto _ : state) benchmark::DoNotOptimize(parser.parse(source.text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(source.text.size()));
}
BENCHMARK(parse)->Apply(sizes)->Unit(benchmark::kMicrosecond);

void reparse(benchmark::State& state, std::string_view typed) {
  Source source = source_of(state.range(0) != 0, state.range(1));
  grammar::Parser parser(*source.language);
  const SyntaxTree tree = *parser.parse(source.text);
  const std::string_view mark = state.range(0) != 0 ? "self.tries" : "cents)";
  const std::size_t byte = source.text.find(mark, source.text.size() / 5);
  const auto edit = grammar::edit_of(source.text, {byte, byte}, typed);
  source.text.insert(byte, typed);
  for (auto _ : state) {
    SyntaxTree old = tree.copy();
    old.edit(edit);
    benchmark::DoNotOptimize(parser.parse(source.text, &old)->errors());
  }
}
BENCHMARK_CAPTURE(reparse, a_letter, "x")->Apply(sizes)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(reparse, an_open_bracket, "(")->Apply(sizes)->Unit(benchmark::kMicrosecond);

void new_parser(benchmark::State& state) {
  const Language& language = *grammar::language_by_name("cpp");
  for (auto _ : state) benchmark::DoNotOptimize(SyntaxTree::parse(language, "int x;"));
}
BENCHMARK(new_parser)->Unit(benchmark::kMicrosecond);

void plan(benchmark::State& state) {
  const Place place = place_of(state.range(0) != 0, state.range(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(grammar::plan_hole({.text = place.source.text,
                                                 .cursor = place.plan.range.begin,
                                                 .language = place.source.language,
                                                 .tree = &*place.tree}));
}
BENCHMARK(plan)->Apply(sizes)->Unit(benchmark::kMicrosecond);

HoleConstraint constraint_of(const Place& place) {
  return {place.source.language, place.source.text, place.plan, &*place.tree};
}

void construct(benchmark::State& state) {
  const Place place = place_of(state.range(0) != 0, state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(constraint_of(place));
}
BENCHMARK(construct)->Apply(sizes)->Unit(benchmark::kMicrosecond);

void admits(benchmark::State& state) {
  const Place place = place_of(state.range(0) != 0, 10);
  HolePlan plan = place.plan;
  plan.kind = grammar::HoleKind::span;
  plan.stops_at_newline = false;
  HoleConstraint constraint(place.source.language, place.source.text, plan, &*place.tree);
  const std::size_t from = place.source.text.find(state.range(0) != 0 ? "if len(" : "if (entry.");
  const std::string fill = place.source.text.substr(from, 256);
  const std::optional<std::string_view> pieces[] = {fill, std::nullopt};
  for (auto _ : state) benchmark::DoNotOptimize(constraint.admits(pieces));
}
BENCHMARK(admits)->ArgName("python")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void review(benchmark::State& state, bool good) {
  const Place place = place_of(state.range(0) != 0, state.range(1));
  const std::string fill = place.fill + (good ? "" : ")");
  for (auto _ : state) {
    state.PauseTiming();
    HoleConstraint constraint = constraint_of(place);
    state.ResumeTiming();
    benchmark::DoNotOptimize(constraint.review(fill));
  }
}
BENCHMARK_CAPTURE(review, good, true)->Apply(sizes)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(review, bad, false)->Apply(sizes)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace inpaint::benchmarks
