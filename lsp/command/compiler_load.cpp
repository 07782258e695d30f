#include "lsp/command/compiler_load.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

/// Templates enough to keep a compiler busy for a second or more, in C++17 for older ones.
constexpr std::string_view kSource = R"(#include <algorithm>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>
template <int N> struct Table {
  std::map<int, std::tuple<std::string, std::vector<std::variant<int, double, std::string>>>> rows;
  std::unordered_map<std::string, std::function<int(int)>> functions;
  std::regex pattern{"a+b*"};
  int run(int seed) {
    std::mt19937 random(static_cast<unsigned>(seed) + N);
    std::vector<int> values(64);
    for (int& value : values) value = static_cast<int>(random() % 100);
    std::sort(values.begin(), values.end(), [](int a, int b) { return a % (N + 2) < b % (N + 2); });
    auto later = std::async(std::launch::deferred, [&] { return values.front() + N; });
    functions["n"] = [](int x) { return x + N; };
    return later.get() + functions["n"](seed) + Table<N - 1>().run(seed);
  }
};
template <> struct Table<0> { int run(int seed) { return seed; } };
int main() { std::cout << Table<24>().run(7) << '\n'; }
)";

}  // namespace

std::optional<Compiler> find_compiler() {
  for (const char* program : {"c++", "g++", "clang++"}) {
    const auto answer = run_child({program, "--version"});
    if (!answer || answer->exit_code != 0) continue;
    return Compiler{program, answer->out.substr(0, answer->out.find('\n'))};
  }
  return std::nullopt;
}

CompilerLoad::CompilerLoad(const Compiler& compiler, unsigned processes) {
  std::error_code failed;
  std::string pattern = (fs::temp_directory_path(failed) / "inpaint-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return;
  folder_ = pattern;
  const std::string file = (folder_ / "load.cpp").string();
  std::ofstream(file) << kSource;
  // The loop also ends by itself, should this process be killed.
  const std::string loop = "while kill -0 " + std::to_string(::getpid()) +
                           " 2>/dev/null; do \"$0\" -std=c++17 -O2 -S -o /dev/null \"$1\"; done";
  for (unsigned i = 0; i < processes; ++i) {
    loops_.push_back(std::make_unique<BackgroundChild>(
        std::vector<std::string>{"sh", "-c", loop, compiler.program, file}));
  }
}

CompilerLoad::~CompilerLoad() {
  loops_.clear();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool CompilerLoad::running() const {
  return !loops_.empty() &&
         std::ranges::all_of(loops_, [](const auto& loop) { return loop->running(); });
}

}  // namespace inpaint::lsp
