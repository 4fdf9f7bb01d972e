// Which variant of the kernels this processor gets.
#pragma once

#include "disperse/kernels.hpp"

namespace mote::disperse
{
[[nodiscard]] const mote_disperse_kernels& kernels();
}  // namespace mote::disperse
