// The copy of the arithmetic that builds for size share.
#include "field/bn254.hpp"

namespace mote::field
{
#define MOTE_FIELD_EXTERN
#include "field/bn254_instances.inc"
#undef MOTE_FIELD_EXTERN
}  // namespace mote::field
