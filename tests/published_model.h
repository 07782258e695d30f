// Tests that read a model as its publisher wrote it, which is no part of the repository: they are in
// files *_models_test.cpp and carry the label `models`.
//
// Without the file they are skipped; with INPAINT_MODELS=required they fail, so that a machine that
// should have it cannot go green without.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "engine/base/environment.h"
#include "engine/base/folders.h"

namespace inpaint::tests {

inline constexpr const char* kPublishedQwen = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
inline constexpr const char* kPublishedSmolLm = "SmolLM2-135M-Instruct.Q4_1.gguf";

class PublishedModel : public testing::Test {
 protected:
  /// For the beginning of SetUp(). A test that fails must not be reported as skipped too: ctest would
  /// believe that.
  void need(const std::string& file) {
    path_ = engine::cache_folder() / "models" / file;
    std::error_code ignored;
    if (std::filesystem::exists(path_, ignored)) return;
    if (engine::environment("INPAINT_MODELS") == "required")
      FAIL() << path_ << " is not there, and INPAINT_MODELS=required";
    GTEST_SKIP() << path_ << " is not there";
  }

  std::filesystem::path path_;
};

}  // namespace inpaint::tests
