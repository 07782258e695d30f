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
    : language_(&language), text_(fixed), fixed_size_(fixed.size()) {
  if (tree == nullptr) return;
  // For this parse the file ends where the hole begins.
  old_ = tree->copy();
  const TextPoint end = advanced({}, fixed);
  old_->edit({{fixed.size(), file_size}, fixed.size(), end, end, end});
}

void ViablePrefix::begin() {
  begun_ = true;
  if (text_.size() > UINT32_MAX / 2) return;
  core_.reset(viable_prefix_core_new(language_->tables()));
  tells_ = viable_prefix_core_begin(core_.get(), old_ ? old_->tree_.get() : nullptr, text_.data(),
                                    static_cast<std::uint32_t>(text_.size()), kMostTurnsOfFixed);
  old_.reset();
  if (!tells_) core_.reset();
}

std::optional<std::size_t> ViablePrefix::error_in(std::string_view fill) {
  if (!begun_) begin();
  if (!tells_) return std::nullopt;
  const std::string_view before = std::string_view(text_).substr(fixed_size_);
  const auto same = std::ranges::mismatch(before, fill).in1 - before.begin();
  const std::size_t n_same = fixed_size_ + static_cast<std::size_t>(same);
  text_.replace(n_same, std::string::npos, fill.substr(static_cast<std::size_t>(same)));
  const std::uint32_t error =
      viable_prefix_core_check(core_.get(), text_.data(), static_cast<std::uint32_t>(text_.size()),
                               static_cast<std::uint32_t>(n_same), kMostTurnsOfFill);
  return error == UINT32_MAX ? std::nullopt : std::optional<std::size_t>(error);
}

}  // namespace inpaint::grammar
