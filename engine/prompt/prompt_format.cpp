#include "engine/prompt/prompt_format.h"

#include <algorithm>
#include <array>

#include "engine/prompt/fim_format.h"
#include "engine/prompt/inpaint_format.h"

namespace inpaint::engine {
namespace {

constexpr std::array kFormats = {&kInpaint1, &kFimPsm1, &kFimSpm1,
                                 &kFimFile1, &kFimCut1, &kPrefix1};

}  // namespace

std::span<const PromptFormat* const> prompt_formats() { return kFormats; }

const PromptFormat* find_prompt_format(std::string_view name) {
  const auto row = std::ranges::find(kFormats, name, &PromptFormat::name);
  return row == kFormats.end() ? nullptr : *row;
}

std::string prompt_format_names() {
  std::string names;
  for (const PromptFormat* format : kFormats)
    names.append(names.empty() ? "" : ", ").append(format->name);
  return names;
}

}  // namespace inpaint::engine
