#include "consensus/vote_record.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace mote::consensus
{
namespace
{
constexpr std::array<std::uint8_t, 4> magic = {'M', 'V', 'R', '1'};
constexpr std::size_t key_at = 48, notarized_at = 64, finalized_at = 96, checksum_at = 128;

[[nodiscard]] Digest checksum(Bytes record) noexcept
{
    return hash::blake3_derive_key("mote vote record v1", record.first(checksum_at));
}

[[nodiscard]] bool known(First first) noexcept
{
    return first == First::none || first == First::notarize || first == First::used;
}

[[nodiscard]] bool known(Second second) noexcept
{
    return second == Second::none || second == Second::nullify || second == Second::finalize ||
           second == Second::used;
}

/// Whether the fields fit each other.
[[nodiscard]] bool consistent(const VoteRecord& r) noexcept
{
    if (!known(r.first) || !known(r.second) || r.state > RecordState::retired)
        return false;
    if ((r.first != First::notarize && !chain::is_zero(r.notarized)) ||
        (r.second != Second::finalize && !chain::is_zero(r.finalized)))
        return false;
    if (r.state != RecordState::reserve)
        return r.reserved_view == 0;
    return r.first == First::none && r.second == Second::none && r.reserved_view >= r.view;
}
}  // namespace

KeyName key_name(const Digest& chain_id, const chain::PublicKey& key) noexcept
{
    std::array<std::uint8_t, 80> message;
    std::memcpy(message.data(), chain_id.data(), chain_id.size());
    std::memcpy(message.data() + 32, key.data(), key.size());
    const Digest digest = hash::blake3_derive_key("mote vote key v1", message);
    KeyName name;
    std::memcpy(name.data(), digest.data(), name.size());
    return name;
}

VoteRecord first_record() noexcept
{
    VoteRecord record;
    record.seq = 1;
    record.first = First::used;
    record.second = Second::used;
    return record;
}

RecordBytes encode(const VoteRecord& record, const KeyName& key) noexcept
{
    MOTE_ASSERT(consistent(record));
    RecordBytes out{};
    std::memcpy(out.data(), magic.data(), magic.size());
    out[4] = static_cast<std::uint8_t>(record.first);
    out[5] = static_cast<std::uint8_t>(record.second);
    out[6] = static_cast<std::uint8_t>(record.state);
    store_le(out.data() + 8, record.seq);
    store_le(out.data() + 16, record.epoch);
    store_le(out.data() + 24, record.view);
    store_le(out.data() + 32, record.reserved_view);
    store_le(out.data() + 40, record.lease_nonce);
    std::memcpy(out.data() + key_at, key.data(), key.size());
    std::memcpy(out.data() + notarized_at, record.notarized.data(), record.notarized.size());
    std::memcpy(out.data() + finalized_at, record.finalized.data(), record.finalized.size());
    const Digest sum = checksum(out);
    std::memcpy(out.data() + checksum_at, sum.data(), sum.size());
    return out;
}

bool decode(Bytes bytes, std::uint32_t slot, const KeyName& key, VoteRecord& out) noexcept
{
    out = {};
    if (bytes.size() != record_bytes || !equal_vartime(bytes.first(magic.size()), magic) ||
        !equal_vartime(bytes.subspan(checksum_at), checksum(bytes)) ||
        !equal_vartime(bytes.subspan(key_at, key.size()), key) || bytes[7] != 0)
        return false;
    VoteRecord record;
    record.first = static_cast<First>(bytes[4]);
    record.second = static_cast<Second>(bytes[5]);
    record.state = static_cast<RecordState>(bytes[6]);
    record.seq = load_le64(bytes.data() + 8);
    record.epoch = load_le64(bytes.data() + 16);
    record.view = load_le64(bytes.data() + 24);
    record.reserved_view = load_le64(bytes.data() + 32);
    record.lease_nonce = load_le64(bytes.data() + 40);
    std::memcpy(record.notarized.data(), bytes.data() + notarized_at, record.notarized.size());
    std::memcpy(record.finalized.data(), bytes.data() + finalized_at, record.finalized.size());
    if (!consistent(record) || (record.seq & 1) != slot)
        return false;
    out = record;
    return true;
}

bool load(const std::array<Slot, 2>& slots, const KeyName& key, VoteRecord& out) noexcept
{
    out = {};
    bool found = false;
    for (const Slot& slot : slots)
        if (!slot.readable)
            return false;
    for (std::uint32_t i = 0; i < 2; ++i)
    {
        VoteRecord record;
        if (decode(slots[i].bytes, i, key, record) && (!found || record.seq > out.seq))
        {
            out = record;
            found = true;
        }
    }
    return found;
}

bool raise(const VoteRecord& record, std::uint64_t epoch, std::uint64_t view,
           VoteRecord& out) noexcept
{
    if (record.state == RecordState::retired || record.seq == UINT64_MAX || epoch < record.epoch)
        return false;
    const std::uint64_t stands_at =
        record.state == RecordState::reserve ? record.reserved_view : record.view;
    // In the very view at which an exact record stands the other store may have voted what this one has not.
    const bool votes_left = record.state == RecordState::exact &&
                            (record.first != First::used || record.second != Second::used);
    if (epoch == record.epoch && (view < stands_at || (view == stands_at && !votes_left)))
        return false;
    out = first_record();
    out.seq = record.seq + 1;
    out.epoch = epoch;
    out.view = view;
    out.lease_nonce = record.lease_nonce;
    return true;
}
}  // namespace mote::consensus
