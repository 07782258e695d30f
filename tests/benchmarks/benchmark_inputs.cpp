#include "tests/benchmarks/benchmark_inputs.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

namespace inpaint::benchmarks {

namespace fs = std::filesystem;

engine::Tokenizer mini_tokenizer() {
  auto tokenizer =
      engine::Tokenizer::load(fs::path(INPAINT_SOURCE_DIR) / "engine/mini/tokenizer.json");
  if (!tokenizer) {
    std::fprintf(stderr, "benchmarks: %s\n", engine::to_string(tokenizer.error()).c_str());
    std::exit(1);
  }
  return std::move(*tokenizer);
}

std::string source_text(std::size_t bytes) {
  std::vector<fs::path> files;
  for (const char* folder : {"engine", "grammar", "lsp"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(INPAINT_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".cpp") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::string text;
  for (const fs::path& file : files) {
    if (text.size() >= bytes) break;
    std::ifstream in(file, std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  text.resize(std::min(text.size(), bytes));
  return text;
}

}  // namespace inpaint::benchmarks
