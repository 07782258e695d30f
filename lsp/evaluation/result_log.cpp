#include "lsp/evaluation/result_log.h"

#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/base/file_handle.h"
#include "lsp/evaluation/eval_case.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;
using engine::Result;

std::unexpected<engine::Error> write_failed(const fs::path& path) {
  return failure(ErrorCode::io_failed, path.string(), "cannot be written",
                 "check the folder, its permissions and the disk");
}

}  // namespace

Result<std::vector<EvalResult>> recover_results(const fs::path& path) {
  std::vector<EvalResult> results;
  std::error_code error;
  if (!fs::exists(path, error)) return results;
  const auto text = engine::read_whole_file(path, kLargestCaseFile);
  if (!text) return std::unexpected(text.error());
  std::size_t number = 0;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text->find('\n', begin)) != std::string::npos; begin = end + 1) {
    const auto line = std::string_view(*text).substr(begin, end - begin);
    auto result = parse_result(line, path.string() + ":" + std::to_string(++number));
    if (!result) return std::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  if (begin < text->size()) {
    // Only what an evaluation wrote is cut: a file without a single answer may be anything.
    if (results.empty() && !text->starts_with("{\"id\":"))
      return failure(ErrorCode::bad_data, path.string(), "is no file of results",
                     "write to another file");
    fs::resize_file(path, begin, error);
    if (error) return write_failed(path);
  }
  return results;
}

Result<std::unique_ptr<ResultLog>> ResultLog::open(const fs::path& path, bool append) {
  std::ofstream file(path, std::ios::binary | (append ? std::ios::app : std::ios::trunc));
  if (!file) return write_failed(path);
  return std::unique_ptr<ResultLog>(new ResultLog(path, std::move(file)));
}

Result<void> ResultLog::add(std::size_t index, const EvalResult& result) {
  std::string line = to_json_line(result) + "\n";
  const std::scoped_lock lock(mutex_);
  waiting_.emplace(index, std::move(line));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
       first = waiting_.erase(first), ++next_) {
    file_.write(first->second.data(), static_cast<std::streamsize>(first->second.size()));
    file_.flush();
    if (!file_) return write_failed(path_);
  }
  return {};
}

}  // namespace inpaint::lsp
