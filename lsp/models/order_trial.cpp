#include "lsp/models/order_trial.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "lsp/models/line_request.h"

namespace inpaint::lsp {
namespace {

constexpr int kMostTokens = 32;

// Of each line the text before it says where it stands, and the text behind it what it is called and
// what it holds.
constexpr std::array kTrueLines = {
    TrueLine{"shelf.py", "def shelf_label(book):\n    author = book.author.upper()\n    ",
             "year = book.year", "\n    return f\"{author} ({year})\"\n"},
    TrueLine{"tide.py", "def mean_tide(heights):\n    total = sum(heights)\n    ",
             "count = len(heights)", "\n    return total / count\n"},
    TrueLine{
        "kettle.py", "class Kettle:\n    def __init__(self, litres):\n        ",
        "self.litres = litres",
        "\n        self.is_on = False\n\n    def is_empty(self):\n        return self.litres == "
        "0\n"},
    TrueLine{"orchard.js", "function ripeApples(apples) {\n  ",
             "const ripe = apples.filter((apple) => apple.isRipe);",
             "\n  return ripe.length;\n}\n"},
    TrueLine{"parcel.ts", "function postage(grams: number, rate: number): number {\n  ",
             "const price = grams * rate;", "\n  return Math.max(price, 1);\n}\n"},
    TrueLine{"swap.c", "void swap_pages(int *left, int *right) {\n    ", "int page = *left;",
             "\n    *left = *right;\n    *right = page;\n}\n"},
    TrueLine{
        "ferry.cpp", "int heaviest(const std::vector<int>& cars) {\n  ", "int most = 0;",
        "\n  for (int car : cars) {\n    if (car > most) most = car;\n  }\n  return most;\n}\n"},
    TrueLine{"queue.go", "func (q *Queue) Pop() string {\n\t", "first := q.names[0]",
             "\n\tq.names = q.names[1:]\n\treturn first\n}\n"},
    TrueLine{"lamp.rs", "impl Lamp {\n    fn dim(&mut self, step: u8) {\n        ",
             "self.level = self.level.saturating_sub(step);",
             "\n        println!(\"level {}\", self.level);\n    }\n}\n"},
    TrueLine{"Tram.java", "class Tram {\n    private int seats;\n\n    Tram(int seats) {\n        ",
             "this.seats = seats;",
             "\n    }\n\n    int getSeats() {\n        return seats;\n    }\n}\n"},
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

std::span<const TrueLine> true_lines() { return kTrueLines; }

engine::Result<int> count_right_lines(engine::Engine& engine, const std::stop_token& stop) {
  int n_right = 0;
  for (const TrueLine& line : kTrueLines) {
    const auto reply =
        engine.fill(line_request(line.path, line.before, line.behind, kMostTokens, stop));
    if (!reply) return std::unexpected(reply.error());
    if (reply->alternatives.empty() || reply->alternatives.front().fills.empty()) continue;
    if (trimmed(reply->alternatives.front().fills.front().text) == line.line) ++n_right;
  }
  return n_right;
}

std::string describe(const OrderTrial& trial) {
  const std::string counts = fmt::format(
      "of {} true lines {} were right with {}, {} with {}", kTrueLines.size(), trial.prefix_first,
      OrderTrial::kPrefixFirst, trial.suffix_first, OrderTrial::kSuffixFirst);
  if (trial.prefix_first == 0 && trial.suffix_first == 0)
    return counts + ": neither serves; try --prompt-format prefix-1, or another model";
  if (trial.prefix_first == trial.suffix_first)
    return counts + fmt::format(": no difference, {} stays", trial.better());
  return counts + fmt::format(": use --prompt-format {}", trial.better());
}

std::string describe_prompt(const engine::EngineInfo& info) {
  if (info.prompt_format.empty()) return "the model's own: it was trained by Inpaint";
  switch (info.fim_order) {
    case engine::FimOrder::known:
      return info.fim_family.empty()
                 ? info.prompt_format
                 : fmt::format("{}: by its tokens and its name it is of the family {}",
                               info.prompt_format, info.fim_family);
    case engine::FimOrder::assumed:
      return info.prompt_format +
             ", assumed: it can fill in the middle, and no family is known by its tokens and name";
    case engine::FimOrder::absent:
      return info.prompt_format + ", because it has no tokens to fill in the middle with: it goes "
                                  "on behind the cursor, and "
                                  "does not see what follows";
  }
  return info.prompt_format;
}

}  // namespace inpaint::lsp
