// The group elements of a proof, decoded and known to be in their prime-order subgroups.
//
// Made in one pass before any stage runs, because membership is what every shortcut below relies on.
#pragma once

#include "curve/gt.hpp"
#include "jolt/proof.hpp"

namespace mote::jolt
{
struct Elements
{
    const curve::Gt* rd_inc = nullptr;
    const curve::Gt* ram_inc = nullptr;
    const curve::Gt* instruction_ra = nullptr;  ///< as many as proof.commitments says
    const curve::Gt* ram_ra = nullptr;
    const curve::Gt* bytecode_ra = nullptr;
    const curve::Gt* untrusted_advice = nullptr;  ///< nullptr if absent
    const curve::Gt* trusted_advice = nullptr;    ///< nullptr if absent
};
}  // namespace mote::jolt
