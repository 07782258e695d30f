#include "lsp/models/downloader.h"

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <dlfcn.h>

#include "engine/base/version.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;

constexpr const char* kName = "libinpaint_download.so";
constexpr const char* kRemedy =
    "build Inpaint where libcurl and OpenSSL are (packaging/setup.sh), or install it whole";
constexpr const char* kLinkRemedy =
    "install libcurl and OpenSSL 3 (Debian 12, Ubuntu 22.04: libcurl4; later: libcurl4t64)";

}  // namespace

engine::Result<const DownloadEntry*> open_downloader(const fs::path& program) {
  std::vector<fs::path> places;
  if (!program.empty())
    places = {program.parent_path().parent_path() / "lib" / kName, program.parent_path() / kName};
  std::string tried;
  for (const fs::path& place : places) {
    std::error_code unknown;
    if (!fs::exists(place, unknown)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    void* const library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* const why = ::dlerror();
      return failure(ErrorCode::unavailable, place.string(),
                     why != nullptr ? why : "it cannot be opened", kLinkRemedy);
    }
    const auto entry_of =
        reinterpret_cast<DownloadEntryFunction>(::dlsym(library, kDownloadEntrySymbol));
    if (entry_of == nullptr)
      return failure(ErrorCode::unavailable, place.string(), "it is not Inpaint's", kRemedy);
    const DownloadEntry* const entry = entry_of();
    if (std::string_view(entry->version) != engine::kVersion)
      return failure(ErrorCode::unavailable, place.string(),
                     std::string("it is of version ") + entry->version + ", the program of " +
                         std::string(engine::kVersion),
                     kRemedy);
    return entry;
  }
  return failure(ErrorCode::unavailable, kName,
                 tried.empty() ? "the program does not know where it lies itself"
                               : "not found in " + tried,
                 kRemedy);
}

}  // namespace inpaint::lsp
