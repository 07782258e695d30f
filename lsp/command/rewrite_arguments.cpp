#include "lsp/command/rewrite_arguments.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "lsp/command/option_values.h"

namespace inpaint::lsp {
namespace {

/// "7" or "3-9": numbers of lines from 1, the first not above the last.
std::optional<LineRange> lines_from(std::string_view given) {
  const auto number = [](std::string_view word) {
    const auto value = read_number<std::size_t>(word);
    return value == 0U ? std::nullopt : value;
  };
  const std::size_t dash = given.find('-');
  const auto first = number(given.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number(given.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return LineRange{*first, *last};
}

std::string check_lines(const std::string& given) {
  return lines_from(given) ? "" : "'" + given + "' is no range of lines: write 7 or 3-9";
}

}  // namespace

void add_rewrite(CLI::App& app, RewriteOptions& options) {
  CLI::App* rewrite = app.add_subcommand(
      "rewrite", "Fill all marked places of a file, or write some of its lines anew");
  rewrite->add_option("FILE", options.file, "Of source code; it is not changed")->required();
  rewrite
      ->add_option_function<std::string>(
          "--lines", [&options](const std::string& given) { options.lines = lines_from(given); },
          "To be written anew, as 7 or 3-9; else what is marked: an ellipsis, empty bodies, TODO")
      ->check(check_lines)
      ->type_name("LINES");
  rewrite
      ->add_option_function<std::vector<std::string>>(
          "--keep",
          [&options](const std::vector<std::string>& given) {
            for (const std::string& lines : given)
              if (const auto range = lines_from(lines)) options.kept.push_back(*range);
          },
          "Of these lines, what stays as it is; may be given several times")
      ->check(check_lines)
      ->type_name("LINES")
      ->allow_extra_args(false);
  rewrite->add_flag("--json", options.json, "Print the edits instead of the text");
  rewrite->add_option("--model", options.model.folder, "Name, folder or .gguf file of the model")
      ->type_name("MODEL");
  rewrite->add_option("--seed", options.seed, "0: the most probable text; others give others")
      ->type_name("N")
      ->transform(number_from<std::uint64_t>(0, 1'000'000))
      ->capture_default_str();
  rewrite->footer(
      "Examples:\n"
      "  inpaint rewrite src/area.py\n"
      "  inpaint rewrite src/area.py --lines 12-20 --keep 14 --seed 1 | diff src/area.py -");
}

}  // namespace inpaint::lsp
