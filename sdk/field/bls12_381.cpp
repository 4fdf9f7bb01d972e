// The copy of the arithmetic that builds for size share.
#include "field/bls12_381.hpp"

namespace mote::field
{
#define MOTE_FIELD_EXTERN
#include "field/bls12_381_instances.inc"
#undef MOTE_FIELD_EXTERN
}  // namespace mote::field
