#include "tests/house/text_rules.h"

#include <algorithm>
#include <map>
#include <regex>
#include <string>

namespace inpaint::house {
namespace {

constexpr int kMaxLines = 400;
constexpr int kMaxSources = 26;

struct LongFile {
  std::string_view path;
  std::string_view reason;
};
/// Files above the limit, each with why it is one concept nevertheless.
constexpr LongFile kLongFiles[] = {
    {"", "none yet"},
};

std::vector<Violation> matches(std::string_view path, std::string_view text, const std::regex& bad,
                               const std::string& why) {
  std::vector<Violation> violations;
  for_each_line(text, [&](int number, std::string_view line) {
    std::match_results<std::string_view::const_iterator> found;
    if (line.size() < 2000 && std::regex_search(line.begin(), line.end(), found, bad))
      violations.push_back({std::string(path), number, why + ": " + found.str()});
  });
  return violations;
}

void append(std::vector<Violation>& to, std::vector<Violation> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<Violation> foreign_place_violations(std::string_view path, std::string_view text) {
  // Fixtures may speak of a user's home, nothing may speak of root's. The patterns are built of
  // parts, so that this file does not match itself.
  const std::string before = R"((?:^|[^\w./~-]))";
  std::string homes = "root|work";
  if (!path.starts_with("tests/")) homes += "|home|Users";
  static const std::regex kRegistry("(?:registry\\.npmjs|pypi|pythonhosted|crates|repo1?\\.maven|"
                                    "proxy\\.golang)\\.(?:org|io)");
  std::vector<Violation> violations =
      matches(path, text, std::regex(before + "/(?:" + homes + R"()/[\w.])"),
              "an absolute path of one machine");
  append(violations, matches(path, text, kRegistry, "the host of a package registry"));
  return violations;
}

std::vector<Violation> mutable_global_violations(std::string_view path, std::string_view text) {
  // A declaration without a parameter list that begins in the first column ...
  static const std::regex kNamespaceScope(
      R"(^(?!(?:using|typedef|return|namespace|class|struct|enum|union|template|friend|case|goto|)"
      R"(break|continue|public|private|extern)\b)(?![^={(;]*\bconstexpr\b))"
      R"((?![^={(;]*\bconst\b[^*={(;]*[={(;]))"
      R"((?:[A-Za-z_][\w:]*(?:<[^=;]*>)?[\s*&]+)+\w+(?:\[[^\]]*\])*\s*(?:=[^=].*|\{.*)?;)");
  // ... and static storage anywhere: in a function or a class.
  static const std::regex kStatic(
      R"(^\s+(?:inline )?(?:static|thread_local)\s+(?!assert)(?!.*\bconst(?:expr)?\b)[^(]*(?:;|=|\{))");
  std::vector<Violation> violations =
      matches(path, text, kNamespaceScope, "a mutable variable of namespace scope");
  append(violations, matches(path, text, kStatic, "a mutable static variable"));
  return violations;
}

std::vector<Violation> length_violations(std::string_view path, std::string_view text) {
  const auto lines = std::ranges::count(text, '\n');
  const bool listed = std::ranges::find(kLongFiles, path, &LongFile::path) != std::end(kLongFiles);
  if (lines <= kMaxLines || listed) return {};
  return {{std::string(path), 0,
           std::to_string(lines) + " lines, above " + std::to_string(kMaxLines) +
               ": part it by concept, or list it in tests/house/text_rules.cpp with a reason"}};
}

std::vector<Violation> crowded_room_violations(const Files& files) {
  std::map<std::string, int> sources;
  for (const auto& [path, text] : files)
    if (is_cpp(path) && !is_header(path)) ++sources[path.substr(0, path.rfind('/'))];
  std::vector<Violation> violations;
  for (const auto& [room, n_sources] : sources) {
    if (n_sources <= kMaxSources) continue;
    violations.push_back({room, 0,
                          std::to_string(n_sources) + " sources, above " +
                              std::to_string(kMaxSources) + ": part the room by concept"});
  }
  return violations;
}

}  // namespace inpaint::house
