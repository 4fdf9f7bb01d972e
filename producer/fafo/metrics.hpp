// Metrics of the scheduler, in the text format of Prometheus.
#pragma once

#include <string>

#include "fafo/execution_counters.hpp"
#include "fafo/order.hpp"
#include "fafo/prices.hpp"
#include "fafo/recipes.hpp"

namespace mote::fafo
{
/// What the stages of all blocks so far did and how long they took; whoever runs them adds up.
struct Metrics
{
    std::uint64_t blocks = 0, transactions = 0;
    std::uint64_t waiting_for_block = 0, waiting_for_key = 0;  ///< senders, each time again
    std::uint64_t gas = 0, critical_gas = 0;
    ExecutionCounters execution;
    struct StageTimes
    {
        std::uint64_t analyse = 0, order = 0, schedule = 0, execute = 0;
    };
    StageTimes nanoseconds;

    void add(const Order& order);
    void add(const ExecutionCounters& counters);
};

[[nodiscard]] std::string to_prometheus(const Metrics& metrics, const Recipes::Stats& recipes,
                                        const Prices& prices);
}  // namespace mote::fafo
