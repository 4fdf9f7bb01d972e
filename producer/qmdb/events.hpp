// Events: what an operator wants to know about a store, with names and numbers instead of sentences.
//
//   name                  level    fields
//   opened                info     height, replayed_entries, applied_runs, seconds
//   changes_unusable      warning  file, offset: runs that are not intact, or of another history
//   rolled_forward        warning  blocks: complete ones that the superblock did not know
//   superblock_repaired   warning
//   changes_written       info     height, images, bytes, seconds: known when the next one is due
//   pruned                info     height: the first that can be asked for
//   failed                error    what: the store must be opened again
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mote::qmdb
{
struct Event
{
    enum class Level
    {
        info,
        warning,
        error,
    };
    using Value = std::variant<std::uint64_t, double, std::string>;

    Level level;
    std::string_view name;
    std::vector<std::pair<std::string_view, Value>> fields{};
};

/// Called in the thread that called the store, which waits for it.
using EventSink = std::function<void(const Event&)>;
}  // namespace mote::qmdb
