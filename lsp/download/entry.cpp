// The one symbol of libinpaint_download.so.
#include "lsp/download/download.h"

namespace inpaint::lsp {
namespace {

constexpr DownloadEntry kEntry{INPAINT_VERSION, download, sha256_of_file};

}  // namespace
}  // namespace inpaint::lsp

extern "C" __attribute__((visibility("default"))) const inpaint::lsp::DownloadEntry*
inpaint_download_entry();

const inpaint::lsp::DownloadEntry* inpaint_download_entry() { return &inpaint::lsp::kEntry; }
