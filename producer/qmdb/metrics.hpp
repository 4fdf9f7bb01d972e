// Metrics of a store, in the text format of Prometheus.
#pragma once

#include <string>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
[[nodiscard]] std::string to_prometheus(const StoreStats& stats);
}  // namespace mote::qmdb
