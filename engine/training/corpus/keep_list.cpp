#include "engine/training/corpus/keep_list.h"

#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/base/strict_json.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

bool leads_out(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return true;
  for (const fs::path& part : path)
    if (part == "..") return true;
  return false;
}

Result<KeptFile> parse_line(const std::string& line, const std::string& where) {
  const JsonLimits limits{1 << 16, 64, 4};
  Result<nlohmann::json> json = parse_strict_json(line, limits, ErrorCode::bad_data, where);
  if (!json) return std::unexpected(json.error());
  auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_data, where, std::move(why), "run the fetcher's --dedupe again");
  };
  KeptFile file;
  for (auto [key, field] : {std::pair{"path", &file.path}, std::pair{"lang", &file.language},
                            std::pair{"package", &file.package}}) {
    if (!json->is_object() || !json->contains(key) || !(*json)[key].is_string())
      return bad(fmt::format("no \"{}\"", key));
    *field = (*json)[key].get<std::string>();
  }
  if (json->contains("licence") && (*json)["licence"].is_string())
    file.licence = (*json)["licence"].get<std::string>();
  if (!json->contains("bytes") || !(*json)["bytes"].is_number_unsigned() ||
      (*json)["bytes"].get<std::uint64_t>() > kMaxListedBytes)
    return bad(fmt::format("\"bytes\" is missing or above {}", kMaxListedBytes));
  file.bytes = (*json)["bytes"].get<std::uint32_t>();
  if (leads_out(file.path)) return bad("the path leads out of the folder: " + file.path);
  return file;
}

}  // namespace

std::string KeptFile::path_in_package() const {
  std::size_t at = 0;
  for (int part = 0; part < 3; ++part) {
    const std::size_t slash = path.find('/', at);
    if (slash == std::string::npos) return path;
    at = slash + 1;
  }
  return path.starts_with("src/") ? path.substr(at) : path;
}

Result<std::vector<KeptFile>> read_keep_list(const fs::path& keep_jsonl) {
  std::error_code error;
  if (!fs::is_regular_file(keep_jsonl, error))
    return failure(ErrorCode::file_not_found, keep_jsonl.string(), "there is no such file");
  std::ifstream in(keep_jsonl, std::ios::binary);
  std::vector<KeptFile> files;
  std::string line;
  for (std::size_t n = 1; std::getline(in, line); ++n) {
    if (line.empty()) continue;
    Result<KeptFile> file = parse_line(line, fmt::format("{}:{}", keep_jsonl.string(), n));
    if (!file) return std::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  if (in.bad()) return failure(ErrorCode::io_failed, keep_jsonl.string(), "it cannot be read");
  return files;
}

std::string package_name(const std::string& package) {
  const std::size_t at = package.rfind('@');
  return at == std::string::npos || at == 0 ? package : package.substr(0, at);
}

}  // namespace inpaint::engine
