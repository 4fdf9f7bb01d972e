#include "fafo/metrics.hpp"

#include <algorithm>

namespace mote::fafo
{
void Metrics::add(const Order& order)
{
    ++blocks;
    transactions += order.transactions.size();
    waiting_for_block += order.over_block;
    waiting_for_key += order.over_key;
    gas += order.gas;
    critical_gas += order.critical_gas;
}

void Metrics::add(const ExecutionCounters& counters)
{
    execution.executed += counters.executed;
    execution.executed_again += counters.executed_again;
    execution.stolen += counters.stolen;
    execution.slept += counters.slept;
    execution.edges += counters.edges;
}

std::string to_prometheus(const Metrics& metrics, const Recipes::Stats& recipes,
                          const Prices& prices)
{
    Multiplier highest = multiplier_one;
    for (const Prices::Entry& entry : prices.entries())
        highest = std::max(highest, entry.multiplier);
    struct Line
    {
        const char *name, *kind, *help;
        std::uint64_t value;
    };
    const Line lines[] = {
        {"mote_fafo_blocks_total", "counter", "Blocks ordered.", metrics.blocks},
        {"mote_fafo_transactions_total", "counter", "Transactions in them.", metrics.transactions},
        {"mote_fafo_waiting_for_block_total", "counter", "Senders that found the block full.",
         metrics.waiting_for_block},
        {"mote_fafo_waiting_for_key_total", "counter", "Senders that found a key's budget used.",
         metrics.waiting_for_key},
        {"mote_fafo_gas_total", "counter", "Gas of transactions ordered.", metrics.gas},
        {"mote_fafo_critical_gas_total", "counter", "Gas of each block's heaviest chain.",
         metrics.critical_gas},
        {"mote_fafo_dependencies_total", "counter", "Transactions waited for.",
         metrics.execution.edges},
        {"mote_fafo_executed_total", "counter", "Executions, second ones included.",
         metrics.execution.executed},
        {"mote_fafo_executed_again_total", "counter", "Second executions.",
         metrics.execution.executed_again},
        {"mote_fafo_stolen_total", "counter", "Transactions that another worker had queued.",
         metrics.execution.stolen},
        {"mote_fafo_slept_total", "counter", "Times that a worker had nothing to do.",
         metrics.execution.slept},
        {"mote_fafo_analyse_nanoseconds_total", "counter", "Time to predict.",
         metrics.nanoseconds.analyse},
        {"mote_fafo_order_nanoseconds_total", "counter", "Time to order.",
         metrics.nanoseconds.order},
        {"mote_fafo_schedule_nanoseconds_total", "counter", "Time to find dependencies.",
         metrics.nanoseconds.schedule},
        {"mote_fafo_execute_nanoseconds_total", "counter", "Time to execute and commit.",
         metrics.nanoseconds.execute},
        {"mote_fafo_recipes", "gauge", "Functions whose accesses are known.", recipes.recipes},
        {"mote_fafo_formulas", "gauge", "Formulas of these.", recipes.formulas},
        {"mote_fafo_learned_total", "counter", "Calls learned from.", recipes.learned},
        {"mote_fafo_forgotten_total", "counter", "Formulas that turned out wrong.",
         recipes.forgotten},
        {"mote_fafo_evicted_total", "counter", "Recipes that made room.", recipes.evicted},
        {"mote_fafo_priced_keys", "gauge", "Keys above the base fee.", prices.entries().size()},
        {"mote_fafo_price_highest", "gauge", "The highest multiplier, in units of 2^-20.", highest},
    };
    std::string out;
    for (const Line& line : lines)
    {
        const std::string name = line.name;
        out += "# HELP " + name + " " + line.help + "\n";
        out += "# TYPE " + name + " " + line.kind + "\n";
        out += name + " " + std::to_string(line.value) + "\n";
    }
    return out;
}
}  // namespace mote::fafo
