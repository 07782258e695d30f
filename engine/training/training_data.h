// What a run learns from: a tokenizer, the texts, and some of them held out to measure on.
//
// Held out are, in this order: what the options name, a valid.shard beside the shards, and else one
// package, or file of a plain folder, in ten; of a large folder one in forty.
//
// Errors: bad_argument (a new model without a tokenizer), bad_data, bad_config, io_failed.
#pragma once

#include <filesystem>
#include <optional>

#include "engine/base/error.h"
#include "engine/prompt/special_tokens.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/train_options.h"
#include "engine/training/corpus/corpus.h"

namespace inpaint::engine {

struct Corpora {
  Corpus training;
  std::optional<Corpus> held_out;  // none where there are too few texts to keep any from training
};
Result<Corpora> open_corpora(const TrainOptions& options);

struct TrainingData {
  Tokenizer tokenizer;
  SpecialTokens special;
  Corpus corpus;
  std::optional<Corpus> held_out;
};

/// That of the model to go on from, or the one that the options name for a new model.
std::filesystem::path tokenizer_file(const TrainOptions& options);

Result<TrainingData> open_training_data(const TrainOptions& options);

}  // namespace inpaint::engine
