#include "engine/training/training_data.h"

#include <cstdint>
#include <system_error>
#include <utility>

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHeldOutOneIn = 10;  // files or packages
constexpr std::uint64_t kHeldOutOfLarge = 40;
constexpr std::uint64_t kLargeCorpus = 200'000'000;  // bytes

fs::path held_out_path(const TrainOptions& options) {
  if (!options.valid.empty()) return options.valid;
  fs::path shard = options.data / "valid.shard";
  std::error_code unknown;
  return fs::exists(shard, unknown) ? shard : fs::path();
}

}  // namespace

fs::path tokenizer_file(const TrainOptions& options) {
  return options.from.empty() ? options.tokenizer : options.from / "tokenizer.json";
}

Result<Corpora> open_corpora(const TrainOptions& options) {
  Result<Corpus> corpus = Corpus::open(options.data);
  if (!corpus) return std::unexpected(corpus.error());

  std::optional<Corpus> held_out;
  if (const fs::path path = held_out_path(options); path.empty()) {
    held_out = corpus->hold_out(corpus->bytes() > kLargeCorpus ? kHeldOutOfLarge : kHeldOutOneIn);
  } else {
    Result<Corpus> opened = Corpus::open(path);
    if (!opened) return std::unexpected(opened.error());
    held_out = std::move(*opened);
  }
  return Corpora{std::move(*corpus), std::move(held_out)};
}

Result<TrainingData> open_training_data(const TrainOptions& options) {
  if (tokenizer_file(options).empty())
    return failure(ErrorCode::bad_argument, "tokenizer", "a new model was given none",
                   "name a tokenizer.json, or a model to go on from");
  Result<Tokenizer> tokenizer = Tokenizer::load(tokenizer_file(options));
  if (!tokenizer) return std::unexpected(tokenizer.error());
  Result<SpecialTokens> special = SpecialTokens::find(*tokenizer);
  if (!special) return std::unexpected(special.error());
  Result<Corpora> corpora = open_corpora(options);
  if (!corpora) return std::unexpected(corpora.error());
  return TrainingData{std::move(*tokenizer), *special, std::move(corpora->training),
                      std::move(corpora->held_out)};
}

}  // namespace inpaint::engine
