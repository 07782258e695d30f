// What may stand in a few places only: the invariants of ARCHITECTURE.md that a look at the text
// can check.
//
// Each rule is a piece of code, the files in which it may stand, and why. Comments do not count.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/house/source_tree.h"

namespace inpaint::house {

struct Placement {
  std::string_view what;                // a word of code: no letter, digit or _ on its outer sides
  std::string_view folder;              // where it is looked for, as the beginning of a path
  std::vector<std::string_view> files;  // that may have it, as beginnings of paths
  std::string_view why;
};

std::span<const Placement> placements();

/// Every place where a rule's piece of code stands and may not.
std::vector<Violation> placement_violations(const Files& files);

/// Every file that a rule allows and that does not need it: a list that says too much hides a
/// violation.
std::vector<Violation> idle_placements(const Files& files);

/// Calls of the standard library's file system functions in the form that throws: what surrounds
/// the program would end it. `text` is one C++ file.
std::vector<Violation> throwing_file_calls(std::string_view path, std::string_view text);

/// The text with blanks for what is in comments, so that places stay the same.
std::string without_comments(std::string_view text);

}  // namespace inpaint::house
