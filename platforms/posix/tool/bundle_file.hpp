// A bundle read from disk, and what the library says about it from its first byte to its verdict.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mote/mote.hpp"

namespace mote::tool
{
/// Values a caller pins on the command line, 32 bytes each.
struct Expectations
{
    std::optional<std::vector<std::uint8_t>> program, setup;
};

struct StageTime
{
    std::uint32_t stage;
    std::chrono::nanoseconds elapsed;
};

enum class Verdict
{
    accepted,
    rejected,
    malformed,
    unreadable,
};

/// Everything that verifying one file brought to light.
struct FileReport
{
    std::string file;
    Verdict verdict = Verdict::unreadable;
    std::string stage, reason, field;
    std::uint32_t index = 0;
    std::uint64_t offset = 0;  ///< in the file
    bool has_bundle = false, has_key = false, has_proof = false;
    mote_jolt_bundle bundle{};
    mote_jolt_key_info key{};
    mote_jolt_proof_info proof{};
    std::size_t memory_bytes = 0;
    std::chrono::nanoseconds load_time{0};  ///< opening key and setup
    /// Bytes of the proof to verdict; of the whole bundle if the proof was not reached.
    std::chrono::nanoseconds verify_time{0};
    std::vector<StageTime> stages;
};

/// More than any bundle has; a device may have no end.
inline constexpr std::size_t file_bytes_max = std::size_t{256} << 20;

/// Reads a file, or standard input if the path is "-". On failure `error` says why.
std::optional<std::vector<std::uint8_t>> read_file(const std::string& path, std::string& error);

/// Verifies a bundle. `data` must stay alive as long as the report's spans are used.
FileReport verify_bundle(const std::string& name, const std::vector<std::uint8_t>& data,
                         const Expectations& expect);

std::string to_hex(const std::uint8_t* data, std::size_t bytes);
std::optional<std::vector<std::uint8_t>> from_hex(const std::string& text);
const char* to_text(Verdict verdict);
}  // namespace mote::tool
