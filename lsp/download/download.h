// Fetches one file that a person has asked for: whole, with the hash that was promised, or not at all.
//
// The bytes go to FILE.part beside the target and are hashed as they come. What an interrupted
// download has left there is hashed first and gone on from (a range request). Only a file of the
// promised size and hash takes the target's name; one of another hash is thrown away. The part is
// locked while a process works on it, so that two do not write one file.
//
// This room is a shared object, libinpaint_download.so, which lsp/models/downloader.h opens when
// `inpaint models` needs it: libcurl and the thirty libraries below it cost 17 ms and 6.4 MB of every
// start. It also makes sure that a server downloads nothing: it has no code to do so.
//
// Units:  bytes.
// Errors: cancelled (the part is kept); unavailable (no connection, or it was lost: the part is kept;
//         the server refuses; another process fetches the same file); io_failed (no room, or the disk
//         refuses: the part is kept); bad_weights (another size or hash: nothing is kept).
// Thread rule: any thread, one download of a file at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct DownloadOrder {
  std::string name;     // what a person calls it, for the errors
  std::string address;  // https://..., or http:// on the loopback
  std::filesystem::path target;
  std::uint64_t bytes = 0;
  std::string sha256;  // 64 lower-case hexadecimal digits
};

struct DownloadProgress {
  std::uint64_t done = 0;     // of the whole file, what an earlier run has left included
  std::uint64_t resumed = 0;  // that much was there when this run began
  std::uint64_t total = 0;
};
using OnDownload = std::function<void(const DownloadProgress&)>;

/// `on_progress` is called on the same thread, at least once a second.
engine::Result<void> download(const DownloadOrder& order, const OnDownload& on_progress,
                              const std::stop_token& stop);

/// The hash of a file, as 64 lower-case hexadecimal digits.
engine::Result<std::string> sha256_of_file(const std::filesystem::path& path,
                                           const std::stop_token& stop);

/// What the shared object offers: its one symbol returns this table.
struct DownloadEntry {
  const char* version;  // INPAINT_VERSION of its build; the tables of two versions may differ
  engine::Result<void> (*download)(const DownloadOrder&, const OnDownload&, const std::stop_token&);
  engine::Result<std::string> (*sha256_of_file)(const std::filesystem::path&,
                                                const std::stop_token&);
};
using DownloadEntryFunction = const DownloadEntry* (*)();
inline constexpr const char* kDownloadEntrySymbol = "inpaint_download_entry";

}  // namespace inpaint::lsp
