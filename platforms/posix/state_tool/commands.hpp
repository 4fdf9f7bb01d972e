// The commands of mote-state. Each returns an exit status: 0 done, or proven; 1 the answer is no;
// 2 malformed, damaged or unreadable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mote::state_tool
{
struct Common
{
    std::string store;
    bool json = false;
    unsigned workers = 1;
    std::string log;  ///< file for events; -: standard error; empty: none
};

int create(const Common& common, std::uint64_t segment_bytes);
int apply(const Common& common, const std::string& file);
int root(const Common& common, std::optional<std::uint64_t> height);
int get(const Common& common, const std::string& key);
int prove(const Common& common, const std::string& key, std::optional<std::uint64_t> height,
          const std::string& out);
int verify(const Common& common, const std::string& proof, const std::string& root,
           const std::string& key, std::optional<std::uint64_t> height);
int witness(const Common& common, const std::string& file, const std::vector<std::string>& reads,
            const std::string& out);
int stats(const Common& common, bool prometheus);
int fsck(const Common& common, bool repair);

struct Exercise
{
    std::uint64_t accounts = 10'000'000, updates = 2'000'000, block_ops = 10'000;
    std::uint64_t kill_in_block = 0;  ///< die in the middle of this block of updates; 0: never
    std::uint64_t memory_mebibytes = 1024;  ///< of the log that stay in memory
    bool direct = false;                    ///< reads and writes past the page cache
};
int exercise(const Common& common, const Exercise& exercise);
}  // namespace mote::state_tool
