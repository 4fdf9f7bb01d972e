#include "fafo/metrics.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;

TEST_CASE("each metric has its value, in the text format of Prometheus")
{
    fafo::Metrics metrics;
    fafo::Order order;
    order.transactions = {1, 2, 3};
    order.gas = 10;
    order.critical_gas = 4;
    order.over_block = 5;
    order.over_key = 6;
    for (int block = 0; block < 2; ++block)
    {
        metrics.add(order);
        metrics.add(fafo::ExecutionCounters{7, 8, 9, 11, 12});
    }
    metrics.nanoseconds = {101, 102, 103, 104};
    fafo::Prices prices(100);
    prices.end_block({{test::key_of(1), 100}, {test::key_of(2), 76}});
    const std::string text = to_prometheus(metrics, {21, 22, 23, 24, 25}, prices);
    std::istringstream lines(text);
    std::map<std::string, std::uint64_t> values;
    std::set<std::string> kinds;
    for (std::string line; std::getline(lines, line);)
    {
        std::istringstream words(line);
        std::string first, second, third;
        words >> first >> second >> third;
        if (first == "#" && second == "TYPE")
            CHECK(kinds.insert(third).second);
        if (first != "#")
        {
            CHECK(kinds.count(first) == 1);
            values[first] = std::stoull(second);
        }
    }
    CHECK(values == std::map<std::string, std::uint64_t>{
                        {"mote_fafo_blocks_total", 2},
                        {"mote_fafo_transactions_total", 6},
                        {"mote_fafo_gas_total", 20},
                        {"mote_fafo_critical_gas_total", 8},
                        {"mote_fafo_waiting_for_block_total", 10},
                        {"mote_fafo_waiting_for_key_total", 12},
                        {"mote_fafo_executed_total", 14},
                        {"mote_fafo_executed_again_total", 16},
                        {"mote_fafo_stolen_total", 18},
                        {"mote_fafo_slept_total", 22},
                        {"mote_fafo_dependencies_total", 24},
                        {"mote_fafo_analyse_nanoseconds_total", 101},
                        {"mote_fafo_order_nanoseconds_total", 102},
                        {"mote_fafo_schedule_nanoseconds_total", 103},
                        {"mote_fafo_execute_nanoseconds_total", 104},
                        {"mote_fafo_recipes", 21},
                        {"mote_fafo_formulas", 22},
                        {"mote_fafo_learned_total", 23},
                        {"mote_fafo_forgotten_total", 24},
                        {"mote_fafo_evicted_total", 25},
                        {"mote_fafo_priced_keys", 2},
                        {"mote_fafo_price_highest", fafo::multiplier_one * 9 / 8}});
}
