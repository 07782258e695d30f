// The file that answers are written to while an evaluation runs.
//
// Answers come from several threads in any order and are written in the order of the cases, each
// line whole and at once. A process that is killed may leave half a line at the end: resuming cuts
// it off.
//
// Thread rule: open() and the constructor by one thread; add() by any, a mutex keeps the order,
// since the writers are threads of an evaluation and know no strand.
// Errors: io_failed; bad_data when a file that is to be resumed holds something else.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "lsp/evaluation/eval_result.h"

namespace inpaint::lsp {

/// What an interrupted evaluation left behind. Half a last line is cut off the file. A file that is
/// not there holds nothing.
engine::Result<std::vector<EvalResult>> recover_results(const std::filesystem::path& path);

class ResultLog {
 public:
  /// Behind what is there, or into an empty file.
  static engine::Result<std::unique_ptr<ResultLog>> open(const std::filesystem::path& path,
                                                         bool append);

  /// `index` counts from 0 and says which answer this is; those before it may still be missing.
  engine::Result<void> add(std::size_t index, const EvalResult& result);

 private:
  ResultLog(std::filesystem::path path, std::ofstream file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::filesystem::path path_;
  std::mutex mutex_;
  std::ofstream file_;
  std::map<std::size_t, std::string> waiting_;  // lines whose turn has not come
  std::size_t next_ = 0;
};

}  // namespace inpaint::lsp
