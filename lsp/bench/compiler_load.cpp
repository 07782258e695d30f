#include "lsp/bench/compiler_load.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
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

/// What is compiled first, by which a loop shows that it works: a part of a second.
constexpr std::string_view kFirstSource = "#include <string>\nstd::string first() { return {}; }\n";

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
  const fs::path temporary = fs::temp_directory_path(failed);
  if (failed) return;
  std::string pattern = (temporary / "inpaint-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return;
  folder_ = pattern;
  const std::string file = (folder_ / "load.cpp").string();
  const std::string first_file = (folder_ / "first.cpp").string();
  std::ofstream(file) << kSource;
  std::ofstream(first_file) << kFirstSource;
  std::array<int, 2> started{};
  if (::pipe2(started.data(), O_CLOEXEC) != 0) return;
  started_ = started[0];
  // The loop also ends by itself, should this process be killed.
  const std::string compile = R"("$0" -std=c++17 -O2 -S -o /dev/null )";
  const std::string loop = compile + R"("$2" && echo && exec >/dev/null && while kill -0 )" +
                           std::to_string(::getpid()) + " 2>/dev/null; do " + compile +
                           R"("$1"; done)";
  for (unsigned i = 0; i < processes; ++i) {
    loops_.push_back(std::make_unique<BackgroundChild>(
        std::vector<std::string>{"sh", "-c", loop, compiler.program, file, first_file},
        started[1]));
  }
  ::close(started[1]);  // the loops' own are left: where they end the pipe does
}

CompilerLoad::~CompilerLoad() {
  loops_.clear();
  if (started_ >= 0) ::close(started_);
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool CompilerLoad::wait_until_started(const std::stop_token& stop) {
  if (loops_.empty()) return false;
  const int stopped = ::eventfd(0, EFD_CLOEXEC);
  if (stopped < 0) return false;
  {
    const std::stop_callback wake(stop, [stopped] { ::eventfd_write(stopped, 1); });
    while (n_started_ < loops_.size()) {
      std::array<pollfd, 2> ready{{{started_, POLLIN, 0}, {stopped, POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0) {
        if (errno == EINTR) continue;
        break;
      }
      if (ready[1].revents != 0) break;
      std::array<char, 64> bytes;
      const ssize_t n = ::read(started_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      n_started_ += static_cast<std::size_t>(n);
    }
  }
  ::close(stopped);
  return n_started_ == loops_.size();
}

}  // namespace inpaint::lsp
