// One whole source file for each language: what property tests cut, break and edit.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/tree/language.h"

#include "tests/project_folders.h"

namespace inpaint::grammar {

struct SourceSample {
  const Language* language = nullptr;
  std::string text;  // parses without an error
};

inline std::string read_source(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) throw std::runtime_error("cannot read " + path);
  return text.str();
}

inline std::vector<SourceSample> source_samples() {
  constexpr const char* kNames[] = {"shop.c",         "ledger.cpp", "worker.go",
                                    "Inventory.java", "router.js",  "queue.py",
                                    "cache.rs",       "panel.tsx",  "store.ts"};
  std::vector<SourceSample> samples;
  for (const char* name : kNames) {
    const std::string path =
        std::string(tests::source_folder() + "/tests/golden/grammar/sources/") + name;
    std::string text = read_source(path);
    const Language* language = language_for_path(name, text);
    samples.push_back({language, std::move(text)});
  }
  return samples;
}

}  // namespace inpaint::grammar
