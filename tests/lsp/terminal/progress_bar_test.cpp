#include "lsp/terminal/progress_bar.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

constexpr std::uint64_t kMega = 1'000'000;

TEST(ProgressBar, SaysHowFarAndHowLong) {
  EXPECT_EQ(progress_line("small", {.done = 245 * kMega, .total = 490 * kMega}, 200),
            "small [##########..........]  50 %  245 of 490 MB");
  EXPECT_EQ(progress_line("small",
                          {.done = 245 * kMega, .total = 490 * kMega, .bytes_per_second = 3.5e6},
                          200),
            "small [##########..........]  50 %  245 of 490 MB  3.5 MB/s  1:10 left");
  EXPECT_EQ(progress_line("small", {}, 200), "small [....................]   0 %  0 of 0 MB");
  EXPECT_EQ(progress_line("small", {.done = 489'999'999, .total = 490 * kMega}, 36),
            "small [###################.]  99 %")
      << "not before it is so";
}

TEST(ProgressBar, FitsANarrowScreen) {
  const Progress progress{.done = 1, .total = 490 * kMega, .bytes_per_second = 0.1};
  for (int columns = 0; columns < 100; ++columns) {
    const std::string line = progress_line("small", progress, columns);
    EXPECT_TRUE(line == "small" || line.size() < static_cast<std::size_t>(columns)) << line;
  }
}

TEST(ProgressBar, IsALineForEachTenthWhereNobodyWatches) {
  std::ostringstream out;
  {
    ProgressBar bar(out, {}, "small");
    const auto begin = ProgressBar::Clock::time_point{};
    for (std::uint64_t i = 0; i <= 1000; ++i)
      bar.show(i * kMega, 0, 1000 * kMega, begin + std::chrono::milliseconds(10 * i));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_TRUE(text.ends_with("1000 of 1000 MB  100.0 MB/s  0:00 left\n")) << text;
}

TEST(ProgressBar, DoesNotCountWhatWasThereBeforeAsFast) {
  std::ostringstream out;
  const auto begin = ProgressBar::Clock::time_point{};
  {
    ProgressBar bar(out, {}, "small");
    bar.show(500 * kMega, 500 * kMega, 1000 * kMega, begin);
    bar.show(600 * kMega, 500 * kMega, 1000 * kMega, begin + std::chrono::seconds(10));
  }
  EXPECT_NE(out.str().find("  10.0 MB/s  0:40 left\n"), std::string::npos) << out.str();
}

TEST(ProgressBar, OfAScreenIsWrittenOverAndEnds) {
  std::ostringstream out;
  const auto begin = ProgressBar::Clock::time_point{};
  {
    ProgressBar bar(out, {.is_terminal = true, .columns = 80}, "small");
    for (int i = 0; i < 50; ++i)
      bar.show(static_cast<std::uint64_t>(i), 0, 100, begin + std::chrono::milliseconds(10 * i));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 5) << "ten a second";
  EXPECT_TRUE(text.ends_with("\n"));
}

}  // namespace
}  // namespace inpaint::lsp
