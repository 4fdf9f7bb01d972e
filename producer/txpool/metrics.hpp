// Metrics of a pool, in the text format of Prometheus.
#pragma once

#include <string>

#include "txpool/pool.hpp"

namespace mote::txpool
{
[[nodiscard]] std::string to_prometheus(const Counters& counters);
}  // namespace mote::txpool
