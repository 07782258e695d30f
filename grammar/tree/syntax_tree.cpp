#include "grammar/tree/syntax_tree.h"

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <tree_sitter/api.h>

#include "grammar/tree/parser.h"

namespace inpaint::grammar {
namespace {

/// A place in the tree. Children are reached by walking: indexing them is linear per call.
class Cursor {
 public:
  explicit Cursor(const TSTree* tree) : Cursor(ts_tree_root_node(tree)) {}
  explicit Cursor(TSNode node) : cursor_(ts_tree_cursor_new(node)) {}
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

TSPoint point_of(TextPoint point) {
  return {static_cast<std::uint32_t>(point.row), static_cast<std::uint32_t>(point.column)};
}

ByteRange inside_of(TSNode node) {
  const std::uint32_t n_children = ts_node_named_child_count(node);
  if (n_children == 0) return {ts_node_start_byte(node), ts_node_start_byte(node)};
  return {ts_node_start_byte(ts_node_named_child(node, 0)),
          ts_node_end_byte(ts_node_named_child(node, n_children - 1))};
}

}  // namespace

void SyntaxTree::Delete::operator()(TSTree* tree) const { ts_tree_delete(tree); }

std::optional<SyntaxTree> SyntaxTree::parse(const Language& language, std::string_view text,
                                            const SyntaxTree* old) {
  return Parser(language).parse(text, old);
}

SyntaxTree SyntaxTree::copy() const { return SyntaxTree(ts_tree_copy(tree_.get())); }

void SyntaxTree::edit(const TextEdit& edit) {
  assert(edit.new_end <= INT32_MAX && edit.replaced.end <= INT32_MAX);
  TSInputEdit input{};
  input.start_byte = static_cast<std::uint32_t>(edit.replaced.begin);
  input.old_end_byte = static_cast<std::uint32_t>(edit.replaced.end);
  input.new_end_byte = static_cast<std::uint32_t>(edit.new_end);
  input.start_point = point_of(edit.begin);
  input.old_end_point = point_of(edit.old_end);
  input.new_end_point = point_of(edit.new_end_point);
  ts_tree_edit(tree_.get(), &input);
}

ErrorCount SyntaxTree::errors() const {
  ErrorCount count;
  Cursor cursor(tree_.get());
  // For each node around this one whether an error in it has been seen. Where none is, what is missing
  // has no node of its own, as Python's line ends have none.
  std::vector<bool> seen{true};
  std::size_t error_depth = SIZE_MAX;  // of the outermost ERROR node we are inside of
  while (true) {
    const TSNode node = cursor.node();
    const bool has_error = ts_node_has_error(node);
    const bool is_error = ts_node_is_error(node);
    if (is_error && error_depth == SIZE_MAX) {
      error_depth = seen.size();
      count.bytes += range_of(node).size();
    }
    const bool counts = is_error || ts_node_is_missing(node);
    if (counts) ++count.nodes;
    if (has_error || counts) seen.back() = true;
    if (has_error && cursor.to_first_child()) {
      seen.push_back(is_error);
      continue;
    }
    if (has_error && !counts) ++count.nodes;
    while (true) {
      if (error_depth == seen.size()) error_depth = SIZE_MAX;  // its children are behind us
      if (cursor.to_next_sibling()) break;
      if (!seen.back()) ++count.nodes;
      seen.pop_back();
      if (!cursor.to_parent()) return count;
    }
  }
}

std::vector<SyntaxError> SyntaxTree::errors_from(std::size_t from, std::size_t limit) const {
  std::vector<SyntaxError> errors;
  Cursor cursor(tree_.get());
  while (errors.size() < limit) {
    const TSNode node = cursor.node();
    const ByteRange range = range_of(node);
    if (range.end >= from) {
      const bool is_error = ts_node_is_error(node);
      if (is_error || ts_node_is_missing(node)) {
        errors.push_back({range, !is_error});
      } else if (ts_node_has_error(node) && cursor.to_first_child()) {
        continue;
      }
    }
    while (!cursor.to_next_sibling())
      if (!cursor.to_parent()) return errors;
  }
  return errors;
}

std::string SyntaxTree::to_s_expression() const {
  const std::unique_ptr<char, void (*)(void*)> text(ts_node_string(ts_tree_root_node(tree_.get())),
                                                    std::free);
  return text.get();
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

void SyntaxTree::visit(const std::function<bool(const Node&)>& enter) const {
  Cursor cursor(tree_.get());
  std::vector<std::string_view> around{{}};  // types of the named nodes, one for each level
  while (true) {
    const TSNode node = cursor.node();
    bool goes_in = true;
    std::string_view type = around.back();
    if (ts_node_is_named(node)) {
      type = ts_node_type(node);
      goes_in = enter({type, around.back(), range_of(node), inside_of(node)});
    }
    if (goes_in && cursor.to_first_child()) {
      around.push_back(type);
      continue;
    }
    while (!cursor.to_next_sibling()) {
      if (!cursor.to_parent()) return;
      around.pop_back();
    }
  }
}

std::optional<SyntaxTree::NodeRun> SyntaxTree::whole_nodes(ByteRange range) const {
  if (range.size() == 0 || range.end > INT32_MAX) return std::nullopt;
  const TSNode around = ts_node_named_descendant_for_byte_range(
      ts_tree_root_node(tree_.get()), static_cast<std::uint32_t>(range.begin),
      static_cast<std::uint32_t>(range.end));
  const auto parent_of = [](TSNode node) {
    do node = ts_node_parent(node);
    while (!ts_node_is_null(node) && !ts_node_is_named(node));
    return ts_node_is_null(node) ? std::string_view{} : std::string_view(ts_node_type(node));
  };
  const auto as_node = [&](TSNode node) {
    return Node{ts_node_type(node), parent_of(node), range_of(node), inside_of(node)};
  };
  const bool is_root = parent_of(around).empty();
  const std::optional<NodeRun> whole =
      is_root ? std::nullopt : std::optional(NodeRun{as_node(around), range_of(around), 1});
  if (range_of(around) == range) return whole;

  std::optional<NodeRun> run;
  bool cut = false;  // a bracket, or an operator without one of its sides
  bool ends_cut = false;
  Cursor child(around);
  bool more = child.to_child_after(static_cast<std::uint32_t>(range.begin));
  for (; more; more = child.to_next_sibling()) {
    const TSNode node = child.node();
    const ByteRange child_range = range_of(node);
    if (child_range.begin >= range.end) break;
    const std::string_view type = ts_node_type(node);
    if (!ts_node_is_named(node)) {
      if (type == "," || type == ";") continue;
      cut = cut || !run || std::string_view("()[]{}\"'`").contains(type.front());
      ends_cut = true;
      continue;
    }
    if (!run) run = NodeRun{as_node(node), child_range, 0};
    run->range.end = child_range.end;
    ++run->n_named;
    ends_cut = false;
  }
  return run && !cut && !ends_cut ? run : whole;
}

}  // namespace inpaint::grammar
