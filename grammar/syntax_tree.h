// The syntax tree of one version of one text.
//
// tree-sitter never fails to parse: what it cannot read it puts under ERROR nodes, and what it had
// to invent are MISSING nodes. Both are counted here, because "the file parses no worse than
// before" is the promise made for every completion.
//
// Units:  UTF-8 bytes of the text that was parsed; the tree does not keep the text.
// Cost:   parsing about 12 MB/s; counting errors in a clean tree is free, since only nodes that
//         tree-sitter marks as holding an error are entered.
// Thread rule: immutable; one thread at a time (tree-sitter counts references without locks).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "grammar/byte_range.h"
#include "grammar/language.h"

struct TSTree;

namespace inpaint::grammar {

/// How badly a text parses. Less is better, nodes before bytes.
struct ErrorCount {
  std::size_t nodes = 0;  // ERROR and MISSING nodes
  std::size_t bytes = 0;  // under outermost ERROR nodes
  friend auto operator<=>(const ErrorCount&, const ErrorCount&) = default;
};

/// A named node: one that the grammar has a rule for, not mere punctuation.
struct Node {
  std::string_view type;    // "call_expression"; lives as long as the program
  std::string_view parent;  // type of the named node around it; empty for the root
  ByteRange range;
  ByteRange inside;  // from its first named child to its last; empty, at its begin, if it has none
};

class SyntaxTree {
 public:
  /// Nothing when the text is longer than 2 GiB: tree-sitter counts bytes in 32 bits.
  static std::optional<SyntaxTree> parse(const Language& language, std::string_view text);

  ErrorCount errors() const;

  /// The named nodes that cover the byte, outermost first. Cost: O(depth * children on the way).
  std::vector<Node> nodes_at(std::size_t byte) const;

 private:
  struct Delete {
    void operator()(TSTree* tree) const;
  };
  explicit SyntaxTree(TSTree* tree) : tree_(tree) {}

  std::unique_ptr<TSTree, Delete> tree_;
};

}  // namespace inpaint::grammar
