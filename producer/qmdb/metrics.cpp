#include "qmdb/metrics.hpp"

namespace mote::qmdb
{
std::string to_prometheus(const StoreStats& stats)
{
    struct Metric
    {
        const char *name, *kind, *help;
        std::uint64_t value;
    };
    const Metric metrics[] = {
        {"mote_state_keys", "gauge", "Keys that are present.", stats.keys},
        {"mote_state_entries_total", "counter", "Entries ever appended.", stats.entries},
        {"mote_state_blocks_total", "counter", "Blocks applied, pending ones included.",
         stats.blocks},
        {"mote_state_pending_blocks", "gauge", "Blocks that are not final.", stats.pending},
        {"mote_state_index_bytes", "gauge", "Memory of the index.", stats.index_bytes},
        {"mote_state_twig_bytes", "gauge", "Memory of the trees.", stats.twig_bytes},
        {"mote_state_log_bytes", "gauge", "Bytes of the logs' files.", stats.log_bytes},
        {"mote_state_log_memory_bytes", "gauge", "Memory of the logs' newest part.",
         stats.log_memory_bytes},
        {"mote_state_appended_entries_total", "counter", "Entries appended since opening.",
         stats.appended_entries},
        {"mote_state_appended_bytes_total", "counter", "Bytes appended since opening.",
         stats.appended_bytes},
        {"mote_state_replayed_entries", "gauge", "Entries that opening replayed.",
         stats.replayed_entries},
        {"mote_state_images_total", "counter", "Images of shards since opening.", stats.images},
        {"mote_state_changes_total", "counter", "Runs of changes written since opening.",
         stats.runs},
        {"mote_state_checkpoint_bytes_total", "counter",
         "Bytes of images and runs of changes since opening.", stats.checkpoint_bytes},
        {"mote_state_applied_changes", "gauge", "Runs of changes that opening applied.",
         stats.applied_runs},
    };
    std::string out;
    for (const Metric& metric : metrics)
    {
        const std::string name = metric.name;
        out += "# HELP " + name + " " + metric.help + "\n";
        out += "# TYPE " + name + " " + metric.kind + "\n";
        out += name + " " + std::to_string(metric.value) + "\n";
    }
    return out;
}
}  // namespace mote::qmdb
