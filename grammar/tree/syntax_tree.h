// The syntax tree of one version of one text.
//
// tree-sitter never fails to parse: what it cannot read it puts under ERROR nodes, and what it had
// to invent are MISSING nodes. Both are counted here, because "the file parses no worse than
// before" is the promise made for every completion.
//
// Units:  UTF-8 bytes of the text that was parsed; the tree does not keep the text.
// Cost:   parsing about 12 MB/s; counting errors in a clean tree is free, since only nodes that
//         tree-sitter marks as holding an error are entered.
// Thread rule: one thread at a time per object. A copy shares its nodes with the original, counts
// them atomically and never writes to shared ones, so it may live in another thread (api.h,
// "ts_tree_copy").
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "grammar/base/text_edit.h"
#include "grammar/tree/language.h"

struct TSTree;

namespace inpaint::grammar {

/// How badly a text parses. Less is better, nodes before bytes.
struct ErrorCount {
  std::size_t nodes = 0;  // ERROR and MISSING nodes, also such as have no name in the grammar
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

/// Where tree-sitter could not read on, or had to invent something.
struct SyntaxError {
  ByteRange range;       // empty for what is missing
  bool missing = false;  // else an ERROR node
  friend bool operator==(const SyntaxError&, const SyntaxError&) = default;
};

class SyntaxTree {
 public:
  /// Nothing when the text is longer than 2 GiB: tree-sitter counts bytes in 32 bits.
  /// With `old`, the tree of an earlier version that was told of every edit since, only what has
  /// changed is parsed. grammar/tree/parser.h parses many times, or within a time limit.
  static std::optional<SyntaxTree> parse(const Language& language, std::string_view text,
                                         const SyntaxTree* old = nullptr);

  /// Shares all nodes: a nanosecond matter. May go to another thread.
  SyntaxTree copy() const;

  /// Tells the tree of an edit of its text. Until the text is parsed again the tree is only good
  /// for that, as `old`.
  void edit(const TextEdit& edit);

  ErrorCount errors() const;

  /// The outermost errors that end at or after `from`, in the order of the text, at most `limit`.
  std::vector<SyntaxError> errors_from(std::size_t from, std::size_t limit) const;

  /// The tree as tree-sitter writes it, without positions. For tests.
  std::string to_s_expression() const;

  /// The named nodes that cover the byte, outermost first. Cost: O(depth * children on the way).
  std::vector<Node> nodes_at(std::size_t byte) const;

  /// Calls `enter` with every named node, outer ones first, in the order of the text; what is in a
  /// node is left out where it says false. Cost: O(nodes entered).
  void visit(const std::function<bool(const Node&)>& enter) const;

  /// The fewest nodes side by side that hold `range`, as one range: brackets never without what they
  /// enclose, operators never without their sides, a comma or semicolon at the end not counted. `range`
  /// begins and ends with something else than white space. Nothing where only the whole text does.
  struct NodeRun {
    Node first;
    ByteRange range;
    std::size_t n_named = 0;
  };
  std::optional<NodeRun> whole_nodes(ByteRange range) const;

 private:
  friend class Parser;
  friend class ViablePrefix;  // goes on from what the tree has parsed already
  struct Delete {
    void operator()(TSTree* tree) const;
  };
  explicit SyntaxTree(TSTree* tree) : tree_(tree) {}

  std::unique_ptr<TSTree, Delete> tree_;
};

}  // namespace inpaint::grammar
