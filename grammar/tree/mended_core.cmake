# One fault of tree-sitter's parser, mended in a copy of its source.
#
# An incremental parse takes a node of the old tree as its lookahead, for the node's first token. Where
# that token is a keyword which the state has no use for, a fresh parse reads it as a name; but of a
# whole node the core does not know that it begins with a keyword, and it finds an error that is none.
# `f() try {} catch (...) {}` without its `try` was such a text: sound in a fresh parse, broken in one
# that knew the text before. The node is given up now, and its first token read as a fresh parse reads it.
#
# Source: tree-sitter 0.25.1, lib/src/parser.c, ts_parser__advance.

# inpaint_mend_core(FROM TO): FROM holds the core's source; TO gets what has to be found before it.
function(inpaint_mend_core from to)
  set(place "    // If the current lookahead token is a keyword that is not valid, but the\n")
  string(CONCAT mended
      "    Subtree first_leaf = lookahead;\n"
      "    while (ts_subtree_child_count(first_leaf) > 0)\n"
      "      first_leaf = ts_subtree_children(first_leaf)[0];\n"
      "    TSSymbol word = self->language->keyword_capture_token;\n"
      "    if (ts_subtree_child_count(lookahead) > 0 && ts_subtree_is_keyword(first_leaf) &&\n"
      "        ts_language_has_actions(self->language, state, word)) {\n"
      "      ts_subtree_release(&self->tree_pool, lookahead);\n"
      "      did_reuse = false;\n"
      "      needs_lex = true;\n"
      "      continue;\n"
      "    }\n\n")
  file(READ "${from}/parser.c" parser)
  string(FIND "${parser}" "${place}" first)
  string(FIND "${parser}" "${place}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "${from}/parser.c is not the one that mended_core.cmake is about: "
                        "see whether its fault is still there")
  endif()
  string(REPLACE "${place}" "${mended}${place}" parser "${parser}")
  file(CONFIGURE OUTPUT "${to}/parser.c" CONTENT "${parser}" @ONLY)  # written where it differs
  file(COPY "${from}/lib.c" DESTINATION "${to}")  # includes what lies beside it first
endfunction()
