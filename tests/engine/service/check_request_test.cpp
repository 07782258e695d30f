#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "engine/service/fill_service.h"

namespace inpaint::engine {
namespace {

TEST(CheckRequest, NamesWhatMakesNoSense) {
  struct Case {
    const char* name;
    std::function<void(FillRequest&)> spoil;
    const char* why;  // a part of the error; null: the request is good
  };
  const Case cases[] = {
      {"a plain request", [](FillRequest&) {}, nullptr},
      {"a hole that is the whole text", [](FillRequest& r) { r.holes[0].range = {0, 6}; }, nullptr},
      {"an insertion at the end", [](FillRequest& r) { r.holes[0].range = {6, 6}; }, nullptr},
      {"holes that touch", [](FillRequest& r) { r.holes.push_back({.range = {4, 5}}); }, nullptr},
      {"the least threshold", [](FillRequest& r) { r.decoding.threshold = 0.0F; }, nullptr},
      {"the greatest threshold", [](FillRequest& r) { r.decoding.threshold = 1.0F; }, nullptr},
      {"the longest fill", [](FillRequest& r) { r.decoding.max_tokens = 448; }, nullptr},
      {"eight holes",
       [](FillRequest& r) {
         r.holes.resize(8, r.holes[0]);
         for (Hole& h : r.holes) h.range = {4, 4};
       },
       nullptr},
      {"no hole", [](FillRequest& r) { r.holes.clear(); }, "0 holes"},
      {"nine holes", [](FillRequest& r) { r.holes.resize(9, r.holes[0]); }, "9 holes"},
      {"no alternative", [](FillRequest& r) { r.decoding.alternatives = 0; }, "0 alternatives"},
      {"nine alternatives", [](FillRequest& r) { r.decoding.alternatives = 9; }, "9 alternatives"},
      {"a negative threshold", [](FillRequest& r) { r.decoding.threshold = -0.1F; }, "threshold"},
      {"a threshold above one", [](FillRequest& r) { r.decoding.threshold = 1.1F; }, "threshold"},
      {"a threshold that is no number",
       [](FillRequest& r) { r.decoding.threshold = std::nanf(""); }, "threshold"},
      {"a hole behind the end", [](FillRequest& r) { r.holes[0].range = {6, 7}; },
       "hole 6..7 of a text of 6 bytes"},
      {"a hole far behind the end",
       [](FillRequest& r) {
         r.holes[0].range = {std::numeric_limits<std::size_t>::max(),
                             std::numeric_limits<std::size_t>::max()};
       },
       "of a text of 6 bytes"},
      {"a hole that ends before it begins", [](FillRequest& r) { r.holes[0].range = {4, 2}; },
       "hole 4..2"},
      {"overlapping holes", [](FillRequest& r) { r.holes.push_back({.range = {3, 5}}); },
       "hole 3..5"},
      {"unordered holes", [](FillRequest& r) { r.holes.push_back({.range = {0, 1}}); },
       "hole 0..1"},
      {"a hole that cuts a character",
       [](FillRequest& r) {
         r.text = "ab\xC3\xA9"
                  "cd";
         r.holes[0].range = {3, 5};
       },
       "hole 3..5"},
      {"a hole that ends inside of a character",
       [](FillRequest& r) {
         r.text = "ab\xC3\xA9"
                  "cd";
         r.holes[0].range = {2, 3};
       },
       "hole 2..3"},
      {"a fill of nothing", [](FillRequest& r) { r.decoding.max_tokens = 0; }, "up to 0 tokens"},
      {"a negative fill", [](FillRequest& r) { r.decoding.max_tokens = -1; }, "up to -1 tokens"},
      {"a fill beyond the model's positions", [](FillRequest& r) { r.decoding.max_tokens = 449; },
       "up to 449 tokens"},
      {"text that is not UTF-8",
       [](FillRequest& r) {
         r.text = "ab\xFF"
                  "def";
       },
       "UTF-8 at byte 2"},
      {"text that ends inside of a character", [](FillRequest& r) { r.text = "abcde\xC3"; },
       "UTF-8 at byte 5"},
  };
  for (const Case& c : cases) {
    FillRequest request{.text = "abcdef", .holes = {{.range = {2, 4}}}};
    c.spoil(request);
    const Result<void> checked = check_request(request, 1024, 512);
    if (!c.why) {
      EXPECT_TRUE(checked) << c.name << ": " << to_string(checked.error());
      continue;
    }
    ASSERT_FALSE(checked) << c.name;
    EXPECT_EQ(checked.error().code, ErrorCode::bad_argument) << c.name;
    EXPECT_NE(checked.error().why.find(c.why), std::string::npos)
        << c.name << ": " << to_string(checked.error());
    EXPECT_FALSE(checked.error().remedy.empty()) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::engine
