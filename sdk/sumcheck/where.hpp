// Where: what a sumcheck says about itself when it rejects.
#pragma once

#include "base/status.hpp"

namespace mote::sumcheck
{
/// The stage and the part of the proof a report names.
struct Where
{
    Stage stage;
    Field field;
};
}  // namespace mote::sumcheck
