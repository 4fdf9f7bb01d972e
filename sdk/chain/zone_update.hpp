// Zone update: what a root block says about one zone; new headers, a proven statement, or both.
//
// The headers between the old tip and the new one travel without signature: the AVAIL certificate of
// the tip covers them through the parent hashes.
//
// Source  [CONSENSUS] sections 3, 3.3 and 4.1.
#pragma once

#include "chain/certificate.hpp"
#include "chain/headers.hpp"
#include "chain/statement.hpp"

namespace mote::chain
{
inline constexpr std::size_t skipped_max = 32;  ///< MAX_HEADERS_SKIPPED

struct ZoneUpdate
{
    std::uint32_t zone = 0;
    bool has_tip = false;
    bool has_statement = false;
    ZoneHeader tip;
    Signature tip_signature{};
    std::span<const ZoneHeader> skipped;  ///< oldest first, up to skipped_max
    Certificate avail;                    ///< for the tip
    Statement statement;
    Certificate valid;
};

/// Calls put(bytes) for the parts of the hashed layout, in order.
template <class Put>
void emit(const ZoneUpdate& update, const Put& put) noexcept
{
    MOTE_ASSERT(update.skipped.size() <= skipped_max);
    std::array<std::uint8_t, 5> front;
    internal::WriteFields write{front.data()};
    write(update.zone,
          static_cast<std::uint8_t>((update.has_tip ? 1 : 0) + (update.has_statement ? 2 : 0)));
    put(Bytes(front));
    if (update.has_tip)
    {
        put(Bytes(encode(update.tip)));
        put(Bytes(update.tip_signature));
        const std::array<std::uint8_t, 1> count = {
            static_cast<std::uint8_t>(update.skipped.size())};
        put(Bytes(count));
        for (const ZoneHeader& header : update.skipped)
            put(Bytes(encode(header)));
        emit(update.avail, put);
    }
    if (update.has_statement)
    {
        put(Bytes(encode(update.statement)));
        emit(update.valid, put);
    }
}

/// Gives the leaf of body_root.
[[nodiscard]] Digest leaf_hash_of(const ZoneUpdate& update) noexcept;
}  // namespace mote::chain
