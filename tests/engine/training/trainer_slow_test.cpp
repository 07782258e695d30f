// `train()` on a tiny model: it learns, it goes on where it stopped, and it loses nothing.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/train_options.h"
#include "engine/weights/safetensors.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/training/shapes.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

class Trainer : public testing::Test {
 protected:
  Trainer() { write_shapes(folder_.path() / "data"); }

  TrainOptions options(const std::string& out, std::int64_t steps) const {
    TrainOptions options;
    options.data = folder_.path() / "data";
    options.valid = folder_.path() / "data";
    options.out = folder_.path() / out;
    options.tokenizer = fs::path(tests::source_folder()) / "engine/mini/tokenizer.json";
    options.size = "tiny";
    options.steps = steps;
    options.batch = 2;
    options.context = 64;
    options.area = 64;
    options.warmup_steps = 2;
    options.decay = 0;
    options.learning_rate = 1e-2;
    options.threads = 1;
    options.number_type = "f32";
    options.format = "q8_g32";
    return options;
  }

  Result<TrainReport> run(const TrainOptions& options, std::stop_token stop = {}) {
    return train(options, stop, [this](const std::string& line) { log_ += line + "\n"; });
  }

  TemporaryFolder folder_;
  std::string log_;
};

TEST_F(Trainer, LearnsWhatItIsShown) {
  const auto start = run(options("start", 1));
  ASSERT_TRUE(start) << to_string(start.error());
  const auto end = run(options("end", 60));
  ASSERT_TRUE(end) << to_string(end.error());
  EXPECT_GT(start->measured.clean_loss, 8.0);
  EXPECT_LT(end->measured.clean_loss, 0.5 * start->measured.clean_loss);
  EXPECT_LT(end->measured.noised_loss, 0.6 * start->measured.noised_loss);
  for (const char* file : {"config.json", "tokenizer.json", "model.safetensors"})
    EXPECT_TRUE(fs::exists(folder_.path() / "end/model" / file)) << file;
}

TEST_F(Trainer, ResumesAsIfItHadNeverStopped) {
  TrainOptions uninterrupted = options("whole", 6);
  uninterrupted.average = 0.7;  // from the third step on
  uninterrupted.certainty = 0.3;
  const auto whole = run(uninterrupted);
  ASSERT_TRUE(whole) << to_string(whole.error());

  // The schedule depends on the number of steps: the same is asked for, and the run is stopped.
  TrainOptions half = uninterrupted;
  half.out = folder_.path() / "half";
  std::stop_source stop;
  int steps = 0;
  const auto first = train(half, stop.get_token(), [&](const std::string& line) {
    if (line.starts_with("step") && ++steps == 3) stop.request_stop();
  });
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_TRUE(first->stopped_early);
  EXPECT_EQ(first->steps, 3);
  half.resume = true;
  const auto second = run(half);
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_EQ(second->steps, 6);
  EXPECT_EQ(second->rows, whole->rows);
  EXPECT_EQ(second->measured.clean_loss, whole->measured.clean_loss);
  EXPECT_EQ(second->measured.noised_loss, whole->measured.noised_loss);
  EXPECT_EQ(read_file(folder_.path() / "half/model/model.safetensors"),
            read_file(folder_.path() / "whole/model/model.safetensors"));
}

TEST_F(Trainer, LeavesTheMeanOfItsLastStepsAndMeasuresIt) {
  const auto last = run(options("last", 8));
  ASSERT_TRUE(last) << to_string(last.error());
  TrainOptions averaged = options("mean", 8);
  averaged.average = 0.5;
  const auto mean = run(averaged);
  ASSERT_TRUE(mean) << to_string(mean.error());
  EXPECT_NE(mean->measured.clean_loss, last->measured.clean_loss);
  EXPECT_NE(read_file(folder_.path() / "mean/model/model.safetensors"),
            read_file(folder_.path() / "last/model/model.safetensors"));
  EXPECT_NE(log_.find("the last of 4 steps alone: clean " +
                      fmt::format("{:.3f}", last->measured.clean_loss)),
            std::string::npos)
      << log_;
  // The steps themselves went on from their own weights, and what is left is what was measured.
  TrainOptions more = options("more", 1);
  more.from = folder_.path() / "mean/model";
  more.learning_rate = 0;
  const auto read_back = run(more);
  ASSERT_TRUE(read_back) << to_string(read_back.error());
  EXPECT_NEAR(read_back->before.clean_loss, mean->measured.clean_loss, 0.02);
}

// A measurement is of all rows of a kind, whatever they weigh in the loss.
TEST_F(Trainer, MeasuresTheSameWhateverTheLossesWeigh) {
  const auto before = [&](double weight) {
    TrainOptions asked = options("weight " + std::to_string(weight), 1);
    asked.context_weight = asked.clean_weight = asked.noised_weight = weight;
    const auto report = run(asked);
    EXPECT_TRUE(report) << weight;
    return report ? report->before : Measurement{};
  };
  const Measurement usual = before(1.0);
  EXPECT_GT(usual.noised_loss, 8.0);
  for (const double weight : {0.0, 0.1, 0.2}) {
    const Measurement light = before(weight);
    EXPECT_EQ(light.context_loss, usual.context_loss) << weight;
    EXPECT_EQ(light.clean_loss, usual.clean_loss) << weight;
    EXPECT_EQ(light.noised_loss, usual.noised_loss) << weight;
    EXPECT_EQ(light.noised_accuracy, usual.noised_accuracy) << weight;
  }
}

// What certainty is, fused_ops_test.cpp compares with its definition; here, that a run heeds it.
TEST_F(Trainer, HeedsCertainty) {
  const auto model_of = [&](const std::string& name, double certainty) {
    TrainOptions asked = options(name, 30);
    asked.certainty = certainty;
    EXPECT_TRUE(run(asked)) << name;
    return read_file(folder_.path() / name / "model/model.safetensors");
  };
  const std::string without = model_of("without", 0);
  EXPECT_EQ(without, model_of("without, again", 0));
  EXPECT_NE(without, model_of("with", 1));
}

TEST_F(Trainer, ContinuesFromAModelFolder) {
  const auto first = run(options("first", 30));
  ASSERT_TRUE(first) << to_string(first.error());
  TrainOptions more = options("more", 1);
  more.from = folder_.path() / "first/model";
  more.warmup_steps = 1000;  // hardly moves
  const auto second = run(more);
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_NEAR(second->measured.clean_loss, first->measured.clean_loss,
              0.05 * first->measured.clean_loss);
}

TEST_F(Trainer, StopsAtALossThatIsNotFiniteAndKeepsTheLastGoodCheckpoint) {
  ASSERT_TRUE(run(options("run", 2)));
  const std::string good = read_file(folder_.path() / "run/checkpoint.safetensors");
  TrainOptions wild = options("run", 50);
  wild.resume = true;
  wild.learning_rate = 1e36;
  const auto outcome = run(wild);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::not_finite) << to_string(outcome.error());
  EXPECT_EQ(read_file(folder_.path() / "run/checkpoint.safetensors"), good);
}

TEST_F(Trainer, AFullDiskLeavesTheOldCheckpointWhole) {
  ASSERT_TRUE(run(options("run", 2)));
  const std::string good = read_file(folder_.path() / "run/checkpoint.safetensors");
  TrainOptions more = options("run", 4);
  more.resume = true;
  // A limit on the size of files stands in for the full disk: the write fails half way.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 20, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto outcome = run(more);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::io_failed) << to_string(outcome.error());
  EXPECT_EQ(read_file(folder_.path() / "run/checkpoint.safetensors"), good);
}

TEST_F(Trainer, AModelThatCannotBeWrittenWholeIsAnError) {
  fs::create_directories(folder_.path() / "run/model/tokenizer.json/in the way");
  const auto outcome = run(options("run", 1));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::io_failed) << to_string(outcome.error());
  EXPECT_NE(to_string(outcome.error()).find("tokenizer.json"), std::string::npos);
}

TEST_F(Trainer, SaysWhatIsWrongWithItsOptions) {
  struct {
    const char* name;
    std::function<void(TrainOptions&)> change;
    ErrorCode code;
    const char* says;
  } cases[] = {
      {"no such data", [](auto& o) { o.data = "/nowhere"; }, ErrorCode::file_not_found, "/nowhere"},
      {"unknown size", [](auto& o) { o.size = "huge"; }, ErrorCode::bad_argument, "huge"},
      {"no such tokenizer", [](auto& o) { o.tokenizer = "/nowhere.json"; },
       ErrorCode::file_not_found, "nowhere.json"},
      {"no tokenizer", [](auto& o) { o.tokenizer.clear(); }, ErrorCode::bad_argument,
       "tokenizer: a new model was given none"},
      {"out below a file", [](auto& o) { o.out = "/proc/version/out"; }, ErrorCode::io_failed,
       "/proc/version/out"},
      {"nothing to resume", [](auto& o) { o.resume = true; }, ErrorCode::file_not_found,
       "checkpoint.safetensors"},
      {"no model to start from", [](auto& o) { o.from = "/nowhere"; }, ErrorCode::file_not_found,
       "/nowhere"},
      {"a format that does not fit", [](auto& o) { o.format = "q8_g37"; }, ErrorCode::bad_config,
       "q8_g37"},
  };
  for (const auto& c : cases) {
    TrainOptions bad = options("bad", 1);
    c.change(bad);
    const auto outcome = run(bad);
    ASSERT_FALSE(outcome) << c.name;
    EXPECT_EQ(outcome.error().code, c.code) << c.name << ": " << to_string(outcome.error());
    EXPECT_NE(to_string(outcome.error()).find(c.says), std::string::npos)
        << c.name << ": " << to_string(outcome.error());
    EXPECT_FALSE(outcome.error().remedy.empty()) << c.name;
  }
}

TEST_F(Trainer, RefusesACheckpointOfAnotherShape) {
  ASSERT_TRUE(run(options("run", 1)));
  TrainOptions other = options("run", 2);
  other.resume = true;
  other.size = "3m";
  const auto outcome = run(other);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::bad_weights) << to_string(outcome.error());
}

TEST_F(Trainer, RefusesMasksThatSpeakOfTheNextPlace) {
  ASSERT_TRUE(run(options("run", 1)));
  const fs::path file = folder_.path() / "run/model/config.json";
  auto config = nlohmann::json::parse(std::ifstream(file));
  config["version"] = 4;
  config["masks_predict"] = "next";
  std::ofstream(file) << config;
  TrainOptions more = options("more", 1);
  more.from = folder_.path() / "run/model";
  const auto outcome = run(more);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::bad_config) << to_string(outcome.error());
  EXPECT_NE(to_string(outcome.error()).find("masks"), std::string::npos);
}

TEST_F(Trainer, DataWithoutRoomForAHoleIsAnError) {
  fs::create_directories(folder_.path() / "small");
  std::ofstream(folder_.path() / "small/a.py") << "x = 1\n";
  TrainOptions small = options("small-out", 1);
  small.data = small.valid = folder_.path() / "small";
  const auto outcome = run(small);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::bad_data) << to_string(outcome.error());
}

}  // namespace
}  // namespace inpaint::engine
