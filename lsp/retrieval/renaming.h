// Which word of one piece of code stands for which word of another, where the two are alike.
//
// A renaming is one to one: no word stands for two, and no two for one. It reaches into words: where
// `fooCount` has become `barCount`, `get_foo` becomes `get_bar` and `FOO_MAX` becomes `BAR_MAX`, each
// written as it was (camel case, snake case, capitals).
//
// Thread rule: a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::lsp {

class Renaming {
 public:
  /// False, and nothing is added, where either of them is part of another pair.
  bool add(std::string_view from, std::string_view to);

  /// Nothing where the renaming leaves the word as it is.
  std::optional<std::string> renamed(std::string_view word) const;

 private:
  struct Pair {
    std::string from;
    std::string to;
  };
  /// What a pair of words differs in, in parts of lower case: `foo` and `bar_baz`.
  struct Core {
    std::vector<std::string> from;
    std::vector<std::string> to;
    bool snake = false;  // the parts of `to` stood with underscores between them
  };
  static std::optional<Core> core_of(const Pair& pair);
  static std::optional<std::string> with_core(std::string_view word, const Core& core);

  std::vector<Pair> pairs_;
  std::vector<Core> cores_;
};

}  // namespace inpaint::lsp
