// The core of tree-sitter, and behind it, in the same unit because it needs what the core keeps to
// itself, a driver of its parse loop that stops where an ordinary parse would begin to recover.
//
// Source: tree-sitter 0.25.1, lib/src/parser.c, ts_parser_parse and ts_parser__advance. The driver has to
// be read again whenever the core's version changes.
#include "lib.c"

#include "viable_prefix_core.h"

// The heads of the parse stack at some place, able to go on from there. Each holds a reference to its
// node, and with the node to all below it; states of external scanners travel with their tokens.
typedef struct {
  Array(StackHead) heads;
  uint32_t text_size;  // of the text that they are good for: they have seen no byte behind it
} Snapshot;

// The fixed text and a fill behind it, where they stand.
typedef struct {
  const char* fixed;
  uint32_t fixed_size;
  const char* fill;
  uint32_t length;  // of both
} Text;

struct ViablePrefixCore {
  TSParser* parser;
  Text input;
  uint32_t unstable;  // where the first token begins that more text could change; UINT32_MAX: none
  Array(Snapshot) snapshots;  // of longer and longer texts
  Snapshot latest;            // of the check that is under way
  bool has_latest;
};

static void snapshot_clear(ViablePrefixCore* self, Snapshot* snapshot) {
  Stack* stack = self->parser->stack;
  for (uint32_t i = 0; i < snapshot->heads.size; i++)
    stack_head_delete(array_get(&snapshot->heads, i), &stack->node_pool, stack->subtree_pool);
  array_delete(&snapshot->heads);
}

static StackHead head_copy(const StackHead* head) {
  StackHead copy = *head;
  copy.summary = NULL;  // for recovery alone, which a snapshot is never used for
  stack_node_retain(copy.node);
  if (copy.last_external_token.ptr) ts_subtree_retain(copy.last_external_token);
  if (copy.lookahead_when_paused.ptr) ts_subtree_retain(copy.lookahead_when_paused);
  return copy;
}

static void snapshot_take(ViablePrefixCore* self) {
  Stack* stack = self->parser->stack;
  if (self->has_latest) snapshot_clear(self, &self->latest);
  self->latest = (Snapshot){.heads = array_new(), .text_size = self->input.length};
  self->has_latest = true;
  for (uint32_t i = 0; i < stack->heads.size; i++) {
    const StackHead* head = array_get(&stack->heads, i);
    // A head in the error state skips whatever comes: it would admit everything.
    if (head->status == StackStatusActive && head->node->state != ERROR_STATE)
      array_push(&self->latest.heads, head_copy(head));
  }
}

static void snapshot_restore(ViablePrefixCore* self, const Snapshot* snapshot) {
  Stack* stack = self->parser->stack;
  for (uint32_t i = 0; i < stack->heads.size; i++)
    stack_head_delete(array_get(&stack->heads, i), &stack->node_pool, stack->subtree_pool);
  array_clear(&stack->heads);
  for (uint32_t i = 0; i < snapshot->heads.size; i++)
    array_push(&stack->heads, head_copy(array_get(&snapshot->heads, i)));
}

static const char* read_text(void* payload, uint32_t byte, TSPoint point, uint32_t* n_read) {
  (void)point;
  const Text* text = payload;
  if (byte < text->fixed_size) {
    *n_read = text->fixed_size - byte;
    return text->fixed + byte;
  }
  *n_read = byte < text->length ? text->length - byte : 0;
  return *n_read > 0 ? text->fill + (byte - text->fixed_size) : "";
}

static void set_fill(ViablePrefixCore* self, const char* fill, uint32_t size) {
  TSParser* parser = self->parser;
  self->input.fill = fill;
  self->input.length = self->input.fixed_size + size;
  self->unstable = UINT32_MAX;
  ts_lexer_set_input(&parser->lexer, (TSInput){&self->input, read_text, TSInputEncodingUTF8, NULL});
  // A token lexed at the end of an earlier text, or the tree of one, is not that of this text.
  ts_parser__set_cached_token(parser, 0, NULL_SUBTREE, NULL_SUBTREE);
  if (parser->finished_tree.ptr) ts_subtree_release(&parser->tree_pool, parser->finished_tree);
  parser->finished_tree = NULL_SUBTREE;
  parser->accept_count = 0;
}

// The token that was lexed last may be another one in a longer text, if it was looked for up to the end.
static void note_unstable(ViablePrefixCore* self) {
  const TokenCache* cache = &self->parser->token_cache;
  if (!cache->token.ptr) return;
  const uint32_t seen = cache->byte_index + ts_subtree_total_bytes(cache->token) +
                        ts_subtree_lookahead_bytes(cache->token);
  if (seen > self->input.length && cache->byte_index < self->unstable)
    self->unstable = cache->byte_index;
}

// One turn of ts_parser_parse's loop: each version of the stack moves on by a token or so.
static bool advance_versions(ViablePrefixCore* self, uint32_t* last_position, bool reuse) {
  TSParser* parser = self->parser;
  uint32_t n_versions = 0;
  for (StackVersion version = 0;
       n_versions = ts_stack_version_count(parser->stack), version < n_versions; version++) {
    while (ts_stack_is_active(parser->stack, version)) {
      if (!ts_parser__advance(parser, version, reuse && n_versions == 1)) return false;
      note_unstable(self);
      const uint32_t position = ts_stack_position(parser->stack, version).bytes;
      if (position > *last_position || (version > 0 && position == *last_position)) {
        *last_position = position;
        break;
      }
    }
  }
  return true;
}

// Where all versions are stuck: in front of the token that none of them could take, of several the
// furthest. UINT32_MAX while one is not, and once the text has been accepted as a whole.
static uint32_t stuck_at(const ViablePrefixCore* self) {
  const Stack* stack = self->parser->stack;
  if (self->parser->finished_tree.ptr) return UINT32_MAX;
  uint32_t furthest = UINT32_MAX;
  for (StackVersion version = 0; version < stack->heads.size; version++) {
    if (ts_stack_is_active(stack, version)) return UINT32_MAX;
    if (!ts_stack_is_paused(stack, version)) continue;
    const uint32_t position = ts_stack_position(stack, version).bytes;
    if (furthest == UINT32_MAX || position > furthest) furthest = position;
  }
  return furthest;
}

ViablePrefixCore* viable_prefix_core_new(const TSLanguage* language) {
  ViablePrefixCore* self = ts_calloc(1, sizeof(ViablePrefixCore));
  self->parser = ts_parser_new();
  array_init(&self->snapshots);
  ts_parser_set_language(self->parser, language);
  ts_parser__external_scanner_create(self->parser);
  return self;
}

void viable_prefix_core_delete(ViablePrefixCore* self) {
  if (self->has_latest) snapshot_clear(self, &self->latest);
  for (uint32_t i = 0; i < self->snapshots.size; i++)
    snapshot_clear(self, array_get(&self->snapshots, i));
  array_delete(&self->snapshots);
  ts_parser_reset(self->parser);
  ts_parser_delete(self->parser);
  ts_free(self);
}

bool viable_prefix_core_begin(ViablePrefixCore* self, const TSTree* old, const char* fixed,
                              uint32_t size, uint32_t max_turns) {
  TSParser* parser = self->parser;
  if (old) {
    ts_subtree_retain(old->root);
    parser->old_tree = old->root;
    reusable_node_reset(&parser->reusable_node, old->root);
  }
  self->input = (Text){.fixed = fixed, .fixed_size = size};
  set_fill(self, "", 0);
  uint32_t position = 0;
  snapshot_take(self);
  // What is broken in the fixed text is recovered from as in any parse. Its end is reached with the
  // first token that looks at it; the snapshot is of the turn before.
  for (uint32_t turn = 0; self->unstable == UINT32_MAX && !parser->finished_tree.ptr; turn++) {
    if (turn == max_turns || !advance_versions(self, &position, true)) return false;
    if (self->unstable != UINT32_MAX || parser->finished_tree.ptr) break;
    ts_parser__condense_stack(parser);
    snapshot_take(self);
  }
  // Nodes of the old tree are known to be good for the fixed text only.
  reusable_node_clear(&parser->reusable_node);
  if (parser->old_tree.ptr) ts_subtree_release(&parser->tree_pool, parser->old_tree);
  parser->old_tree = NULL_SUBTREE;
  if (self->latest.heads.size == 0) return false;
  array_push(&self->snapshots, self->latest);
  self->has_latest = false;
  return true;
}

uint32_t viable_prefix_core_check(ViablePrefixCore* self, const char* fill, uint32_t size,
                                  uint32_t same, uint32_t max_turns) {
  enum { kMostSnapshots = 64 };
  TSParser* parser = self->parser;
  const uint32_t seen = self->input.fixed_size + same;
  while (self->snapshots.size > 1 && array_back(&self->snapshots)->text_size > seen) {
    Snapshot last = array_pop(&self->snapshots);
    snapshot_clear(self, &last);
  }
  set_fill(self, fill, size);
  snapshot_restore(self, array_back(&self->snapshots));

  uint32_t error = UINT32_MAX;
  uint32_t position = 0;
  for (uint32_t turn = 0; turn < max_turns; turn++) {
    if (!advance_versions(self, &position, false) || parser->finished_tree.ptr) break;
    const uint32_t stuck = stuck_at(self);
    if (stuck != UINT32_MAX) {
      if (stuck < self->unstable) error = stuck;
      break;
    }
    ts_parser__condense_stack(parser);
    if (ts_stack_version_count(parser->stack) == 0) break;
    if (self->unstable == UINT32_MAX) snapshot_take(self);
  }
  parser->has_scanner_error = false;
  const Snapshot* base = array_back(&self->snapshots);
  const bool longer = self->has_latest && self->latest.text_size > base->text_size;
  if (longer && error == UINT32_MAX && self->latest.heads.size > 0 &&
      self->snapshots.size < kMostSnapshots) {
    array_push(&self->snapshots, self->latest);
  } else if (self->has_latest) {
    snapshot_clear(self, &self->latest);
  }
  self->has_latest = false;
  return error;
}
