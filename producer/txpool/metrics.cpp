#include "txpool/metrics.hpp"

namespace mote::txpool
{
std::string to_prometheus(const Counters& counters)
{
    std::string out;
    const auto head = [&](const std::string& name, const char* kind, const char* help)
    { out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n"; };
    const auto one =
        [&](const std::string& name, const char* kind, const char* help, std::uint64_t value)
    {
        head(name, kind, help);
        out += name + " " + std::to_string(value) + "\n";
    };
    one("mote_pool_transactions", "gauge", "Transactions in the pool.", counters.transactions);
    one("mote_pool_ready", "gauge", "Those that can be in the next block.", counters.ready);
    one("mote_pool_senders", "gauge", "Senders of them.", counters.senders);
    one("mote_pool_bytes", "gauge", "Memory that counts towards the limit.", counters.bytes);
    one("mote_pool_included_total", "counter", "Gone because a block used their nonce.",
        counters.included);
    one("mote_pool_unpayable_total", "counter", "Gone because their sender cannot pay.",
        counters.unpayable);
    one("mote_pool_evicted_total", "counter", "Gone for better ones.", counters.evicted);
    head("mote_pool_offered_total", "counter", "Transactions offered, by what was said to them.");
    for (std::size_t i = 0; i < verdict_count; ++i)
        out += std::string("mote_pool_offered_total{verdict=\"") +
               name_of(static_cast<Verdict>(i)) + "\"} " + std::to_string(counters.verdicts[i]) +
               "\n";
    return out;
}
}  // namespace mote::txpool
