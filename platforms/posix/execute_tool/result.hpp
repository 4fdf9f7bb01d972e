// What mote-execute measured and compared, block by block; and how it says so.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/lanes.hpp"

namespace mote::execute_tool
{
/// The three ways in which each block is executed.
enum class Way : std::uint8_t
{
    sequential,
    parallel,  ///< as its producer does, who guesses what transactions touch
    replay,    ///< as others do, who read that in the block
};
inline constexpr std::size_t way_count = 3;

struct BlockResult
{
    std::uint64_t number = 0;
    std::uint64_t transactions = 0, refused = 0, reverted = 0;
    std::uint64_t gas = 0;
    std::uint64_t block_bytes = 0;  ///< with the access lists
    std::uint64_t accesses = 0;     ///< that the access lists name
    std::uint64_t recovered = 0;    ///< senders
    double recover_seconds = 0;     ///< over all threads
    double build_seconds = 0;       ///< seeing what those that wait touch, and ordering them
    std::uint64_t waiting = 0;      ///< for another block: a key is full or too dear
    double hot_price = 1;           ///< of the dearest key, in base fees
    double other_price = 1;         ///< what those pay on average who do not write it
    std::uint64_t others = 0;       ///< how many those are
    std::uint64_t priced_keys = 0;  ///< above the base fee after the block
    std::string hot_key;
    std::array<double, way_count> seconds{};
    std::array<std::uint64_t, way_count> executed_again{};
    std::string receipts_root, state;
    bool equal =
        true;  ///< outcomes, receipts and changes of all ways; access lists of the last two
};

/// A part of one block's execution, to be drawn.
struct Schedule
{
    std::uint64_t block = 0;
    std::vector<report::Run> runs;
    std::vector<report::Dependency> dependencies;
};

struct Result
{
    std::string workload, state_kind;
    std::uint64_t seed = 0, accounts = 0;
    unsigned threads = 0;
    std::vector<BlockResult> blocks;
    bool interrupted = false;
    Schedule parallel, replay;
    std::vector<std::string> kinds;  ///< of transactions, by the colour of their runs

    [[nodiscard]] bool equal() const;
};

/// Sums over all blocks, and what follows from them.
struct Totals
{
    std::uint64_t transactions = 0, refused = 0, gas = 0;
    std::uint64_t recovered = 0;
    double recover_seconds = 0, build_seconds = 0;
    std::array<double, way_count> seconds{};
    std::array<std::uint64_t, way_count> executed_again{};

    [[nodiscard]] double per_second(Way way) const;
    /// How many times as fast as sequential execution.
    [[nodiscard]] double speed_up(Way way) const;
    [[nodiscard]] double recovered_per_second() const;
};
[[nodiscard]] Totals totals_of(const Result& result);

[[nodiscard]] nlohmann::ordered_json json_of(const BlockResult& block);
[[nodiscard]] nlohmann::ordered_json json_of(const Result& result);

/// Throws std::runtime_error if the file cannot be written.
void write_report(const std::string& file, const Result& result);
}  // namespace mote::execute_tool
