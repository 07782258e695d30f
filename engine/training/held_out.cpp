#include "engine/training/held_out.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace inpaint::engine {
namespace {

constexpr int kBatches = 4;

/// In quotes, on one line, whatever it holds.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Result<HeldOut> HeldOut::take(BatchStream& stream) {
  HeldOut taken;
  for (int i = 0; i < kBatches; ++i) {
    Result<Batch> batch = stream.next();
    if (!batch) return std::unexpected(batch.error());
    taken.batches_.push_back(std::move(*batch));
  }
  return taken;
}

Measurement HeldOut::measure(const Trainee& model) {
  Measurement mean;
  for (const Batch& batch : batches_) {
    const Measurement one = model.measure(batch, &choices_);
    mean.context_loss += one.context_loss / kBatches;
    mean.clean_loss += one.clean_loss / kBatches;
    mean.noised_loss += one.noised_loss / kBatches;
    mean.clean_accuracy += one.clean_accuracy / kBatches;
    mean.noised_accuracy += one.noised_accuracy / kBatches;
  }
  return mean;
}

std::string HeldOut::example(const Tokenizer& tokenizer) const {
  const Batch& batch = batches_.back();
  std::vector<TokenId> wanted, chosen;
  for (std::int64_t i = 0; i < batch.targets.size(0); ++i) {
    const bool clean =
        batch.kinds[i].item<std::int64_t>() == static_cast<std::int64_t>(RowKind::clean);
    if (!clean && !wanted.empty()) break;  // the first span ends here
    if (!clean) continue;
    wanted.push_back(static_cast<TokenId>(batch.targets[i].item<std::int64_t>()));
    chosen.push_back(static_cast<TokenId>(choices_[i].item<std::int64_t>()));
  }
  return fmt::format("  wanted: {}\n  chosen: {}", quoted(tokenizer.decode(wanted)),
                     quoted(tokenizer.decode(chosen)));
}

}  // namespace inpaint::engine
