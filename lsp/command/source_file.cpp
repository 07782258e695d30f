#include "lsp/command/source_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "engine/base/secret_files.h"
#include "engine/base/utf8.h"
#include "lsp/completion/silence_reason.h"
#include "lsp/document/document_file.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

engine::Error system_error(const std::string& name, int number) {
  if (number == ENOENT || number == ENOTDIR) {
    return {ErrorCode::file_not_found, name, "there is no such file", "check the path"};
  }
  if (number == EISDIR) return {ErrorCode::io_failed, name, "it is a folder", "name a file in it"};
  if (number == EACCES) {
    return {ErrorCode::io_failed, name, "you may not read it", "ask for permission to read it"};
  }
  return {ErrorCode::io_failed, name, std::strerror(number), "check the path and the disk"};
}

engine::Result<void> check_text(const std::string& name, std::string_view text) {
  const std::size_t nul = text.substr(0, kBinaryProbe).find('\0');
  if (nul != std::string_view::npos) {
    return failure(ErrorCode::bad_argument, name,
                   "binary file, byte " + std::to_string(nul) + " is NUL",
                   "name a source file; UTF-16 must be turned into UTF-8 first");
  }
  const std::size_t valid = engine::valid_utf8_prefix(text);
  if (valid < text.size()) {
    return failure(ErrorCode::bad_argument, name,
                   "not UTF-8 at byte offset " + std::to_string(valid),
                   "convert the file to UTF-8");
  }
  return {};
}

std::unexpected<engine::Error> holds_secrets(const std::string& name) {
  const SilenceWords& secret = words_of(SilenceReason::secret_file);
  return failure(ErrorCode::bad_argument, name, std::string(secret.words),
                 std::string(secret.remedy));
}

}  // namespace

engine::Result<std::string> read_source_file(const std::filesystem::path& path,
                                             std::size_t largest) {
  const std::string name = path.string();
  if (file_of_path(path).secrecy == engine::Secrecy::secret) return holds_secrets(name);
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return std::unexpected(system_error(name, errno));

  std::string text;
  char block[1 << 16];
  errno = 0;
  while (const std::size_t n = std::fread(block, 1, sizeof block, file.get())) {
    text.append(block, n);
    if (text.size() > largest) {
      return failure(ErrorCode::bad_argument, name,
                     "more than " + std::to_string(largest) + " bytes", "name a source file");
    }
  }
  if (std::ferror(file.get()) != 0) return std::unexpected(system_error(name, errno));
  if (auto checked = check_text(name, text); !checked) return std::unexpected(checked.error());
  if (engine::secrecy_of_text(text, name) == engine::Secrecy::secret) return holds_secrets(name);
  return text;
}

}  // namespace inpaint::lsp
