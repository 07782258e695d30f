#include "lsp/feature/why.h"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace inpaint::lsp {
namespace {

Json to_json(const SilentQuestion& question) {
  Json json = to_json(question.silence);
  const auto second = std::chrono::time_point_cast<std::chrono::seconds>(question.last);
  json["time"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(second));
  json["file"] = question.file;
  json["line"] = question.line;
  json["face"] = question.face == Face::ghost_text ? "ghost text" : "menu item";
  json["times"] = question.times;
  return json;
}

std::string paragraph(const std::string& head, const Json& silence) {
  return fmt::format("{}: {}\n    {}\n", head, silence["words"].get<std::string>(),
                     silence["remedy"].get<std::string>());
}

std::string paragraph(const Json& question) {
  const auto times = question["times"].get<int>();
  const std::string head = fmt::format(
      "{} {}:{}, {}{}", question["time"].get<std::string>(), question["file"].get<std::string>(),
      question["line"].get<std::uint32_t>(), question["face"].get<std::string>(),
      times > 1 ? fmt::format(", {} times", times) : "");
  return paragraph(head, question);
}

}  // namespace

Answer Why::operator()(const Params& /*params*/) const {
  const std::optional<Silence> silence = engine_.silence();
  Json now = silence ? to_json(*silence) : Json();
  Json questions = Json::array();
  std::string text = silence ? paragraph("now", now) : "";
  for (const SilentQuestion& question : silences_.newest_first()) {
    questions.push_back(to_json(question));
    text += paragraph(questions.back());
  }
  if (text.empty()) text = "no question was answered with nothing so far\n";
  return Json{{"silence", std::move(now)}, {"questions", std::move(questions)}, {"text", text}};
}

}  // namespace inpaint::lsp
