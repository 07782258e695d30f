// What a grammar's library looks like whose tables are of a version that nobody knows yet: the version
// is the first field of the tables, and nothing else of them may be read.
#include <stdint.h>

const void* tree_sitter_future(void) {
  static const uint32_t tables[64] = {99};
  return tables;
}

const void* tree_sitter_nothing(void) { return 0; }
