// A medium with two slots that can fail, and the vectors' words for votes and records.
#pragma once

#include <optional>

#include "consensus/voter.hpp"
#include "sdk/chain/chain_support.hpp"

namespace consensus_test
{
using namespace chain_test;
using namespace mote::consensus;
using mote::Status;

/// Two slots of 160 bytes. A write is lost, torn at any byte, or flushed.
struct Disk
{
    std::array<RecordBytes, 2> slots{};
    std::array<bool, 2> readable = {true, true};

    [[nodiscard]] bool load_record(const KeyName& key, VoteRecord& out) const
    {
        return load({{{readable[0], slots[0]}, {readable[1], slots[1]}}}, key, out);
    }
    void write(const Step& step, std::size_t bytes = record_bytes)
    {
        RecordBytes& slot = slots[step.offset / slot_spacing_bytes];
        std::copy_n(step.record.begin(), bytes, slot.begin());
    }
};

inline const char* name_of(Second second) { return second == Second::nullify ? "nullify" : "used"; }

inline Json json_of(First first, const Digest& hash)
{
    if (first == First::none)
        return nullptr;
    return first == First::used ? Json("used") : Json(to_hex(hash));
}

inline Json json_of(Second second, const Digest& hash)
{
    if (second == Second::none)
        return nullptr;
    return second == Second::finalize ? Json(to_hex(hash)) : Json(name_of(second));
}

inline void set_kinds(const Json& fields, VoteRecord& record)
{
    const Json &nz = fields["nz"], &two = fields["two"];
    record.first = nz.is_null() ? First::none : nz == "used" ? First::used : First::notarize;
    if (record.first == First::notarize)
        record.notarized = digest(nz);
    record.second = two.is_null()      ? Second::none
                    : two == "nullify" ? Second::nullify
                    : two == "used"    ? Second::used
                                       : Second::finalize;
    if (record.second == Second::finalize)
        record.finalized = digest(two);
}
}  // namespace consensus_test
