#include "grammar/syntax_tree.h"

#include <cassert>
#include <cstdint>

#include <tree_sitter/api.h>

namespace inpaint::grammar {
namespace {

struct DeleteParser {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

/// A place in the tree. Children are reached by walking: indexing them is linear per call.
class Cursor {
 public:
  explicit Cursor(const TSTree* tree) : cursor_(ts_tree_cursor_new(ts_tree_root_node(tree))) {}
  ~Cursor() { ts_tree_cursor_delete(&cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  bool to_first_child() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool to_next_sibling() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  bool to_parent() { return ts_tree_cursor_goto_parent(&cursor_); }
  bool to_child_after(std::uint32_t byte) {
    return ts_tree_cursor_goto_first_child_for_byte(&cursor_, byte) >= 0;
  }

 private:
  TSTreeCursor cursor_;
};

ByteRange range_of(TSNode node) { return {ts_node_start_byte(node), ts_node_end_byte(node)}; }

ByteRange inside_of(TSNode node) {
  const std::uint32_t n_children = ts_node_named_child_count(node);
  if (n_children == 0) return {ts_node_start_byte(node), ts_node_start_byte(node)};
  return {ts_node_start_byte(ts_node_named_child(node, 0)),
          ts_node_end_byte(ts_node_named_child(node, n_children - 1))};
}

}  // namespace

void SyntaxTree::Delete::operator()(TSTree* tree) const { ts_tree_delete(tree); }

std::optional<SyntaxTree> SyntaxTree::parse(const Language& language, std::string_view text) {
  if (text.size() > INT32_MAX) return std::nullopt;
  const std::unique_ptr<TSParser, DeleteParser> parser(ts_parser_new());
  [[maybe_unused]] const bool fits = ts_parser_set_language(parser.get(), language.tables());
  assert(fits);  // a grammar newer than the core; language_test sees it first
  TSTree* tree = ts_parser_parse_string(parser.get(), nullptr, text.data(),
                                        static_cast<std::uint32_t>(text.size()));
  assert(tree != nullptr);  // null only when cancelled, and nobody cancels here
  return SyntaxTree(tree);
}

ErrorCount SyntaxTree::errors() const {
  ErrorCount count;
  Cursor cursor(tree_.get());
  std::size_t depth = 0;
  std::size_t error_depth = SIZE_MAX;  // of the outermost ERROR node we are inside of
  while (true) {
    const TSNode node = cursor.node();
    if (ts_node_is_error(node)) {
      ++count.nodes;
      if (error_depth == SIZE_MAX) {
        error_depth = depth;
        count.bytes += range_of(node).size();
      }
    } else if (ts_node_is_missing(node)) {
      ++count.nodes;
    }
    if (ts_node_has_error(node) && cursor.to_first_child()) {
      ++depth;
      continue;
    }
    while (true) {
      if (error_depth == depth) error_depth = SIZE_MAX;  // its children are behind us
      if (cursor.to_next_sibling()) break;
      if (!cursor.to_parent()) return count;
      --depth;
    }
  }
}

std::vector<Node> SyntaxTree::nodes_at(std::size_t byte) const {
  std::vector<Node> nodes;
  if (byte > INT32_MAX) return nodes;
  Cursor cursor(tree_.get());
  std::string_view parent;
  do {
    const TSNode node = cursor.node();
    const ByteRange range = range_of(node);
    if (!range.contains(byte)) break;  // the byte lies in white space between two children
    if (!ts_node_is_named(node)) continue;
    nodes.push_back({ts_node_type(node), parent, range, inside_of(node)});
    parent = nodes.back().type;
  } while (cursor.to_child_after(static_cast<std::uint32_t>(byte)));
  return nodes;
}

}  // namespace inpaint::grammar
