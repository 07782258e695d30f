// What viable_prefix_core.c gives to grammar/check/viable_prefix.cpp, which says what it is good for.
//
// Units: bytes. Errors: false, or "no error found", where a limit was reached: the driver never lies in
// the direction of an error.   Thread rule: one thread at a time.
#pragma once

#include <tree_sitter/api.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ViablePrefixCore ViablePrefixCore;

ViablePrefixCore* viable_prefix_core_new(const TSLanguage* language);
void viable_prefix_core_delete(ViablePrefixCore* self);

/// Reads the fixed text, once; it outlives the core. `old`: a tree that was told of all edits since,
/// or null. False where nothing can be told of this place: it takes too long, or was not recovered
/// from an error.
bool viable_prefix_core_begin(ViablePrefixCore* self, const TSTree* old, const char* fixed,
                              uint32_t size, uint32_t max_turns);

/// `fill` stands behind the fixed text, and its first `same` bytes are those of the fill before. Where
/// an error is certain whatever follows: the byte of both texts together behind which no token fits.
/// Else UINT32_MAX.
uint32_t viable_prefix_core_check(ViablePrefixCore* self, const char* fill, uint32_t size,
                                  uint32_t same, uint32_t max_turns);

#ifdef __cplusplus
}
#endif
