// The folders that surround a run of the program: the user's own, the one that it was started in,
// and where the program itself lies.
//
// Each may be missing (a sandbox has no home, a removed worktree was the working folder, a
// container mounts no /proc), and none is needed to answer. So each is empty then, and nobody
// invents a stand-in: a folder in /tmp with a known name can be laid there by anybody, and a home
// that the environment does not name is one that the user took away.
//
// Errors: none; an empty path says that there is no such folder.
// Source: XDG Base Directory Specification 0.8: variables that are empty or not absolute are
//         ignored.
#pragma once

#include <filesystem>

namespace inpaint::engine {

/// $HOME.
std::filesystem::path home_folder();

/// What a person made, such as models that know their code: $XDG_STATE_HOME/inpaint or
/// ~/.local/state/inpaint.
std::filesystem::path state_folder();

/// What a person wrote down, such as languages of their own: $XDG_CONFIG_HOME/inpaint or
/// ~/.config/inpaint.
std::filesystem::path config_folder();

/// What a person fetched and would not like to fetch again, such as models: $XDG_DATA_HOME/inpaint or
/// ~/.local/share/inpaint.
std::filesystem::path data_folder();

/// What can be made again, such as measurements: $XDG_CACHE_HOME/inpaint or ~/.cache/inpaint.
std::filesystem::path cache_folder();

/// The working folder; empty once it has been removed.
std::filesystem::path working_folder();

/// The file of the running program, links resolved. Without /proc it is what the system was asked
/// to execute, which may be relative: ask before the working folder is left.
std::filesystem::path program_file();

}  // namespace inpaint::engine
