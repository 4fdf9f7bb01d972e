// Outcome: what one byte string of a block came to. There is exactly one for each.
//
//   refused    it does not decode, nobody signed it, or the rules forbid it here: nothing changed, and
//              `refusal` says why
//   executed   `refusal` is none; the sender has paid, whatever the code did (`halt`)
//
// Worked case: in a block of three equal payments the second and third are refused, nonce_too_low.
#pragma once

#include <vector>

#include "evm/execute.hpp"

namespace mote::block
{
struct LogEntry
{
    evm::Address address;
    std::uint32_t topic_count = 0;
    std::array<evm::Word, 4> topics;
    std::uint32_t data_offset = 0, data_bytes = 0;  ///< in Outcome::log_data

    [[nodiscard]] friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

struct Outcome
{
    evm::Refusal refusal = evm::Refusal::none;
    evm::TransactionType type = evm::TransactionType::legacy;
    evm::Halt halt = evm::Halt::success;
    bool creates = false;
    std::uint64_t gas_used = 0;
    std::uint64_t cumulative_gas = 0;  ///< with the transactions before it; of refused ones, too
    evm::Address sender;               ///< unless it is unknown
    evm::Address created;              ///< when a creation succeeded
    std::vector<LogEntry> logs;
    std::vector<std::uint8_t> log_data;

    [[nodiscard]] bool executed() const noexcept { return refusal == evm::Refusal::none; }
    [[nodiscard]] Bytes data_of(const LogEntry& log) const noexcept
    {
        return Bytes(log_data).subspan(log.data_offset, log.data_bytes);
    }
    [[nodiscard]] friend bool operator==(const Outcome&, const Outcome&) = default;
};
}  // namespace mote::block
