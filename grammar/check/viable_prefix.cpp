#include "grammar/check/viable_prefix.h"

#include <algorithm>

#include "grammar/check/viable_prefix_core.h"

namespace inpaint::grammar {
namespace {

// A turn reads a token or so. The fixed text of a file of 300 kB has some 100,000 of them; a fill that
// takes more than this is no fill.
constexpr std::uint32_t kMostTurnsOfFixed = 200'000;
constexpr std::uint32_t kMostTurnsOfFill = 4'000;

}  // namespace

void ViablePrefix::Delete::operator()(ViablePrefixCore* core) const {
  viable_prefix_core_delete(core);
}

ViablePrefix::ViablePrefix(const Language& language, std::string_view fixed, const SyntaxTree* tree,
                           std::size_t file_size)
    : language_(&language), fixed_(fixed) {
  if (tree == nullptr) return;
  // For this parse the file ends where the hole begins.
  old_ = tree->copy();
  const TextPoint end = advanced({}, fixed);
  old_->edit({{fixed.size(), file_size}, fixed.size(), end, end, end});
}

void ViablePrefix::begin() {
  begun_ = true;
  if (fixed_.size() > UINT32_MAX / 2) return;
  core_.reset(viable_prefix_core_new(language_->tables()));
  tells_ = viable_prefix_core_begin(core_.get(), old_ ? old_->tree_.get() : nullptr, fixed_.data(),
                                    static_cast<std::uint32_t>(fixed_.size()), kMostTurnsOfFixed);
  old_.reset();
  if (!tells_) core_.reset();
}

std::optional<std::size_t> ViablePrefix::error_in(std::string_view fill) {
  if (!begun_) begin();
  if (!tells_) return std::nullopt;
  const auto same =
      static_cast<std::size_t>(std::ranges::mismatch(fill_, fill).in1 - fill_.begin());
  fill_.replace(same, std::string::npos, fill.substr(same));
  const std::uint32_t error =
      viable_prefix_core_check(core_.get(), fill_.data(), static_cast<std::uint32_t>(fill_.size()),
                               static_cast<std::uint32_t>(same), kMostTurnsOfFill);
  return error == UINT32_MAX ? std::nullopt : std::optional<std::size_t>(error);
}

}  // namespace inpaint::grammar
