// One function per folder says what may be included there. Libraries are told by the first part of
// the name in <...>: torch has three (torch, ATen, c10).
#include "tests/house/include_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace inpaint::house {
namespace {

using std::string_view_literals::operator""sv;

struct Include {
  int line = 0;
  std::string_view name;
  bool angled = false;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> includes;
  for_each_line(text, [&](int number, std::string_view line) {
    const auto skip_blanks = [&] {
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    };
    skip_blanks();
    if (!line.starts_with('#')) return;
    line.remove_prefix(1);
    skip_blanks();
    if (!line.starts_with("include")) return;
    line.remove_prefix("include"sv.size());
    skip_blanks();
    if (line.empty() || (line[0] != '<' && line[0] != '"')) return;
    const bool angled = line[0] == '<';
    const std::size_t end = line.find(angled ? '>' : '"', 1);
    if (end == std::string_view::npos) return;
    includes.push_back({number, line.substr(1, end - 1), angled});
  });
  return includes;
}

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(starts, [&](auto start) { return name.starts_with(start); });
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_torch(std::string_view name) {
  return starts_with_any(name, {"torch/", "ATen/", "c10/", "caffe2/"});
}
bool is_asio(std::string_view name) {
  return starts_with_any(name, {"boost/asio", "asio", "boost/beast"});
}
bool is_standard(std::string_view name) {
  return name.find('/') == std::string_view::npos && name.find('.') == std::string_view::npos;
}

/// The folders of engine/CMakeLists.txt whose sources may include torch.
bool in_torch_folder(std::string_view path) {
  return starts_with_any(path, {"engine/model/", "engine/torch/", "engine/training/"}) &&
         !starts_with_any(path, {"engine/model/pretrained/", "engine/training/corpus/"});
}

/// Why `path` must not include `name`; nothing if it may.
std::optional<std::string> objection(std::string_view path, const Include& include) {
  const std::string_view name = include.name;
  if (!include.angled) {
    if (!starts_with_any(name, {"grammar/", "engine/", "lsp/"}))
      return "an include of ours is rooted at the source folder";
    if (path.starts_with("grammar/") && !name.starts_with("grammar/"))
      return "points up: grammar/ includes nothing but grammar/";
    if (path.starts_with("engine/")) {
      if (name.starts_with("lsp/")) return "points up: engine/ never sees lsp/";
      constexpr std::array kPublic = {"grammar/check/constraint.h"sv, "grammar/base/byte_range.h"sv,
                                      "grammar/base/ascii.h"sv};
      constexpr std::array kForTraining = {"grammar/hole/hole_picker.h"sv,
                                           "grammar/tree/language.h"sv,
                                           "grammar/tree/syntax_tree.h"sv};
      const bool allowed = is_one_of(name, kPublic) ||
                           (path.starts_with("engine/training/") && is_one_of(name, kForTraining));
      if (name.starts_with("grammar/") && !allowed)
        return "engine/ knows constraint, byte_range and ascii of grammar/, engine/training/ the "
               "picker "
               "as well";
    }
    return std::nullopt;
  }
  if (starts_with_any(name, {"grammar/", "engine/", "lsp/"}))
    return "an include of ours stands in quotes";
  if (path.starts_with("grammar/") && !is_standard(name) && !name.starts_with("tree_sitter/"))
    return "grammar/ knows the standard library and tree-sitter only";
  if (name.starts_with("tree_sitter/") && !path.starts_with("grammar/"))
    return "tree-sitter is grammar/'s own";
  if (path.starts_with("engine/") && is_asio(name)) return "engine/ never sees a socket";
  return std::nullopt;
}

/// Headers of ours that bring torch along, directly or through others.
std::set<std::string_view> headers_with_torch(const Files& files) {
  std::set<std::string_view> tainted;
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto& [path, text] : files) {
      if (!is_header(path) || tainted.contains(path)) continue;
      const bool brings = std::ranges::any_of(includes_of(text), [&](const Include& include) {
        return include.angled ? is_torch(include.name) : tainted.contains(include.name);
      });
      if (brings) grew = tainted.insert(path).second;
    }
  }
  return tainted;
}

std::string_view room_of(std::string_view path) { return path.substr(0, path.rfind('/')); }
std::string_view folder_of(std::string_view path) { return path.substr(0, path.find('/')); }

/// Includes between rooms of one folder that lie on a circle: rooms that reach one another could not
/// be read, built or tested one after the other.
std::vector<Violation> circles_of_rooms(const Files& files) {
  std::map<std::string_view, std::set<std::string_view>> includes;
  for (const auto& [path, text] : files) {
    if (!is_cpp(path)) continue;
    for (const Include& include : includes_of(text)) {
      if (include.angled || !files.contains(include.name)) continue;
      if (folder_of(include.name) != folder_of(path)) continue;  // these may point one way only
      if (room_of(include.name) != room_of(path)) {
        includes[room_of(path)].insert(room_of(include.name));
      }
    }
  }
  const auto reaches = [&](std::string_view from, std::string_view to) {
    std::set<std::string_view> seen;
    std::vector<std::string_view> open = {from};
    while (!open.empty()) {
      const std::string_view room = open.back();
      open.pop_back();
      if (room == to) return true;
      if (seen.insert(room).second)
        open.insert(open.end(), includes[room].begin(), includes[room].end());
    }
    return false;
  };
  std::vector<Violation> violations;
  for (const auto& [path, text] : files) {
    if (!is_cpp(path)) continue;
    for (const Include& include : includes_of(text)) {
      if (include.angled || !files.contains(include.name)) continue;
      const std::string_view from = room_of(path);
      const std::string_view to = room_of(include.name);
      if (from == to || !reaches(to, from)) continue;
      violations.push_back({path, include.line,
                            std::string(include.name) + ": " + std::string(to) + " includes " +
                                std::string(from) + ", so that this makes a circle"});
    }
  }
  return violations;
}

}  // namespace

std::vector<Violation> include_violations(const Files& files) {
  std::vector<Violation> violations = circles_of_rooms(files);
  const std::set<std::string_view> torch_headers = headers_with_torch(files);
  for (const auto& [path, text] : files) {
    if (!is_cpp(path) || !starts_with_any(path, {"grammar/", "engine/", "lsp/"})) continue;
    for (const Include& include : includes_of(text)) {
      const auto report = [&](const std::string& why) {
        violations.push_back({path, include.line, std::string(include.name) + ": " + why});
      };
      if (const auto why = objection(path, include)) report(*why);
      if (!include.angled && !files.contains(include.name)) report("there is no such file");
      const bool brings_torch =
          include.angled ? is_torch(include.name) : torch_headers.contains(include.name);
      if (!brings_torch) continue;
      if (path.ends_with(".cu") || path.ends_with(".cuh"))
        report("a kernel includes no torch header, not even through another");
      else if (!in_torch_folder(path))
        report("torch appears in the torch folders of engine/ alone, and in no header for others");
    }
    if (is_header(path) && text.find("#pragma once") == std::string::npos)
      violations.push_back({path, 0, "a header says #pragma once"});
  }
  return violations;
}

}  // namespace inpaint::house
