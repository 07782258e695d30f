// Runs a libFuzzer target where there is no libFuzzer, that is under GCC: replays every file of the
// corpus folders, then a bounded number of random mutations of them.
//
//   fuzz_x [-runs=N] [-seed=S] [-max_len=BYTES] [-max_total_time=SECONDS] FOLDER|FILE ...
//
// Every run has a generator of its own, seeded by (seed, number of the run): the same arguments
// give the same inputs on every machine. When the target dies, the number of the run is printed and
// its input is written to ./crash-input; `fuzz_x crash-input` repeats it. There is no coverage
// feedback: the corpus should hold one small input per branch that matters.
#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

struct Options {
  long runs = 10000;
  std::uint64_t seed = 1;
  std::size_t max_len = 64 * 1024;
  long max_total_time = 60;  // seconds, for the mutations
  std::vector<fs::path> paths;
};

/// What is being run, for the callback of a dying sanitizer, which takes no argument.
struct Current {
  long run = -1;
  const Bytes* input = nullptr;
};
Current& current() {
  static Current state;
  return state;
}

void report_death() {
  const Current& state = current();
  if (state.input == nullptr) return;
  std::fprintf(stderr, "fuzz: died in run %ld on %zu bytes, written to crash-input\n", state.run,
               state.input->size());
  if (std::FILE* file = std::fopen("crash-input", "wb")) {
    std::fwrite(state.input->data(), 1, state.input->size(), file);
    std::fclose(file);
  }
}

extern "C" void on_abort(int /*signal*/) {
  report_death();
  std::_Exit(1);
}

void run_once(long number, const Bytes& input) {
  current() = {number, &input};
  LLVMFuzzerTestOneInput(input.data(), input.size());
  current() = {};
}

template <class Number>
bool take_option(std::string_view argument, std::string_view name, Number& value) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  return std::from_chars(argument.data(), argument.data() + argument.size(), value).ec ==
         std::errc();
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (take_option(argument, "-runs=", options.runs) ||
        take_option(argument, "-seed=", options.seed) ||
        take_option(argument, "-max_len=", options.max_len) ||
        take_option(argument, "-max_total_time=", options.max_total_time))
      continue;
    if (argument.starts_with('-')) {
      std::fprintf(stderr, "fuzz: unknown or bad option %s\n", argv[i]);
      return std::nullopt;
    }
    options.paths.emplace_back(argument);
  }
  return options;
}

std::vector<Bytes> read_corpus(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (fs::is_regular_file(path)) files.push_back(path);
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);  // the order of a directory differs between machines
  std::vector<Bytes> corpus;
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

/// Damages an input in the ways that readers of lengths, numbers and nested text stumble over.
class Mutator {
 public:
  Mutator(std::uint64_t seed, const std::vector<Bytes>& corpus) : random_(seed), corpus_(corpus) {}

  Bytes make(std::size_t max_len) {
    Bytes bytes = corpus_.empty() ? Bytes{} : corpus_[below(corpus_.size())];
    for (std::size_t n = 1 + below(5); n > 0; --n) mutate(bytes);
    if (bytes.size() > max_len) bytes.resize(max_len);
    return bytes;
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random_() % n); }
  auto at(Bytes& bytes, std::size_t i) { return bytes.begin() + static_cast<std::ptrdiff_t>(i); }

  void mutate(Bytes& bytes) {
    constexpr std::uint8_t kEdges[] = {0,    1,    0x0A, 0x20, 0x22, 0x2D, 0x30, 0x39, 0x5B, 0x5C,
                                       0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xC0, 0xED, 0xF4, 0xFE, 0xFF};
    constexpr std::string_view kNumbers[] = {
        "-1", "0", "1e999", "4294967296", "9223372036854775807", "18446744073709551615", "0.5"};
    const std::size_t place = below(bytes.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(bytes.size() - place, 64) + 1);
    switch (below(8)) {
      case 0:  // one bit
        if (place < bytes.size()) bytes[place] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:  // one byte
        if (place < bytes.size()) bytes[place] = kEdges[below(std::size(kEdges))];
        break;
      case 2:  // the end is missing
        bytes.resize(place);
        break;
      case 3:  // a piece is missing
        bytes.erase(at(bytes, place), at(bytes, place + length));
        break;
      case 4: {  // a piece stands twice
        const Bytes piece(at(bytes, place), at(bytes, place + length));
        bytes.insert(at(bytes, below(bytes.size() + 1)), piece.begin(), piece.end());
        break;
      }
      case 5: {  // a number becomes another
        const auto digit = [](std::uint8_t b) { return '0' <= b && b <= '9'; };
        const auto begin = std::find_if(at(bytes, place), bytes.end(), digit);
        const auto end = std::find_if_not(begin, bytes.end(), digit);
        const std::string_view number = kNumbers[below(std::size(kNumbers))];
        bytes.insert(bytes.erase(begin, end), number.begin(), number.end());
        break;
      }
      case 6: {  // one byte many times: nesting, long runs
        const std::uint8_t byte = kEdges[below(std::size(kEdges))];
        bytes.insert(at(bytes, place), std::size_t{1} << below(12), byte);
        break;
      }
      default: {  // a piece of another input
        if (corpus_.empty()) break;
        const Bytes& other = corpus_[below(corpus_.size())];
        const std::size_t from = below(other.size() + 1);
        const std::size_t size = below(std::min<std::size_t>(other.size() - from, 256) + 1);
        const auto begin = other.begin() + static_cast<std::ptrdiff_t>(from);
        bytes.insert(at(bytes, place), begin, begin + static_cast<std::ptrdiff_t>(size));
      }
    }
  }

  std::mt19937_64 random_;
  const std::vector<Bytes>& corpus_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  if (!options) return 2;
  __sanitizer_set_death_callback(report_death);
  std::signal(SIGABRT, on_abort);

  const std::vector<Bytes> corpus = read_corpus(options->paths);
  std::printf("fuzz: seed %llu, %zu inputs of the corpus, up to %ld mutations\n",
              static_cast<unsigned long long>(options->seed), corpus.size(), options->runs);
  std::fflush(stdout);
  for (const Bytes& input : corpus) run_once(-1, input);

  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options->max_total_time);
  long run = 0;
  for (; run < options->runs && std::chrono::steady_clock::now() < end; ++run) {
    std::seed_seq seeds{options->seed, static_cast<std::uint64_t>(run)};
    std::uint64_t seed = 0;
    seeds.generate(&seed, &seed + 1);
    run_once(run, Mutator(seed, corpus).make(options->max_len));
  }
  std::printf("fuzz: %ld mutations without a finding\n", run);
  return 0;
}
