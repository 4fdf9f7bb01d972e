/* Compiled only, for Apple's targets: what Swift assumes of the structs of mote.h there. */
#include "mote/mote.h"

_Static_assert(sizeof(size_t) == 8 && sizeof(void*) == 8, "64 bits");
_Static_assert(sizeof(mote_verdict) == 32, "no padding that Swift would not count");
_Static_assert(sizeof(mote_span) == 16, "a pointer and a length");
_Static_assert(sizeof(mote_memory_layout) == 20 * 8, "twenty numbers");
_Static_assert(sizeof(((mote_jolt_bundle*)0)->key_digest) == 32, "a tuple of 32 bytes");
