#include "lsp/models/model_check.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "lsp/models/line_request.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kBefore = "import math\n"
                                     "\n"
                                     "\n"
                                     "def area_of_circle(radius):\n"
                                     "    return math.pi * radius ** 2\n"
                                     "\n"
                                     "\n"
                                     "def area_of_square(side):\n"
                                     "    return side ** 2\n"
                                     "\n"
                                     "\n"
                                     "def area_of_rectangle(width, height):\n";
constexpr std::string_view kLine = "    return ";
constexpr std::string_view kBehind = "\n"
                                     "\n"
                                     "\n"
                                     "print(area_of_rectangle(3, 4))\n";
constexpr int kMostTokens = 16;

}  // namespace

engine::Result<ModelCheck> check_model(engine::Engine& engine, const std::stop_token& stop) {
  const auto request = line_request("area.py", std::string(kBefore) + std::string(kLine), kBehind,
                                    kMostTokens, stop);
  const auto first = engine.fill(request);
  if (!first) return std::unexpected(first.error());
  const auto second = engine.fill(request);
  if (!second) return std::unexpected(second.error());
  if (second->alternatives.empty() || second->alternatives.front().fills.empty())
    return engine::failure(engine::ErrorCode::bad_weights, engine.info().model_path,
                           "it answers without a text", "fetch the model again");
  const engine::Fill& fill = second->alternatives.front().fills.front();
  if (engine::valid_utf8_prefix(fill.text) != fill.text.size())
    return engine::failure(engine::ErrorCode::bad_weights, engine.info().model_path,
                           "what it writes is no text", "fetch the model again");
  ModelCheck check{.before = std::string(kLine),
                   .text = fill.text,
                   .tokens = static_cast<int>(fill.tokens.size()),
                   .context_ms = first->context_ms,
                   .context_tokens = first->context_tokens};
  if (second->denoise_ms > 0.0) check.tokens_per_second = check.tokens * 1e3 / second->denoise_ms;
  return check;
}

std::string describe_adapter(const engine::EngineInfo& info) {
  if (!info.adapter.empty()) return "masks by the adapter " + info.adapter;
  if (!info.adapter_note.empty()) return "no masks: " + info.adapter_note;
  return info.block_widths.empty() ? "no masks: no adapter is for this model" : "masks of its own";
}

std::string describe(const engine::EngineInfo& info) {
  return fmt::format("{}, {:.1f}M parameters, {} layers of {}, vocabulary {}, context {} tokens",
                     info.family, static_cast<double>(info.parameters) / 1e6, info.layers,
                     info.hidden, info.vocabulary, info.context_budget);
}

}  // namespace inpaint::lsp
