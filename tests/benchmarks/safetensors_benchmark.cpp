// What opening a weight file costs before a single weight is read: its header, checked whole.
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "engine/weights/safetensors.h"

namespace inpaint::benchmarks {
namespace {

/// A file of `tensors` small tensors, removed with the object.
class WeightFile {
 public:
  explicit WeightFile(int tensors)
      : path_(std::filesystem::temp_directory_path() /
              ("inpaint-benchmark-" + std::to_string(::getpid()) + ".safetensors")) {
    const std::vector<std::byte> data(256 * 4);
    std::vector<engine::TensorToWrite> list;
    for (int i = 0; i < tensors; ++i)
      list.push_back(
          {"layers." + std::to_string(i) + ".weight", engine::DType::f32, {16, 16}, data});
    written_ = engine::write_safetensors(path_, std::move(list), {{"format", "pt"}}).has_value();
  }
  ~WeightFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  WeightFile(const WeightFile&) = delete;
  WeightFile& operator=(const WeightFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  bool written() const { return written_; }

 private:
  std::filesystem::path path_;
  bool written_ = false;
};

void open_safetensors(benchmark::State& state) {
  const WeightFile file(static_cast<int>(state.range(0)));
  if (!file.written()) state.SkipWithError("the file could not be written");
  for (auto _ : state) {
    const auto opened = engine::SafetensorsFile::open(file.path());
    if (!opened) {
      state.SkipWithError(engine::to_string(opened.error()).c_str());
      break;
    }
  }
}
BENCHMARK(open_safetensors)->Arg(64)->Arg(512)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace inpaint::benchmarks
