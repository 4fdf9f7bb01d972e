// What an epoch is made of: the epoch set and the lists that it commits to.
//
// Zone 0 computes them and its proof vouches for them; a root block adopts them at an epoch's start.
//
// Source  [CONSENSUS] sections 3.3, 10, 13 and 17.
#pragma once

#include "chain/layout.hpp"

namespace mote::chain
{
struct EpochSet
{
    std::uint64_t epoch = 0;
    Digest root_committee{};
    Digest ckpt_committee{};
    Digest zones_root{};   ///< over zone records
    Digest params_root{};  ///< over parameters
    Digest notice_root{};  ///< over notices

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.epoch, s.root_committee, s.ckpt_committee, s.zones_root, s.params_root, s.notice_root);
    }
    friend bool operator==(const EpochSet&, const EpochSet&) noexcept = default;
};
static_assert(layout_bytes<EpochSet> == 168);

[[nodiscard]] Digest hash_of(const EpochSet& set) noexcept;

/// A leaf of zones_root, ascending by zone.
struct ZoneRecord
{
    std::uint32_t zone = 0;
    std::uint32_t flags = 0;
    Digest program_id{};
    Digest producers_root{};
    Digest committee{};  ///< commitment

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.zone, s.flags, s.program_id, s.producers_root, s.committee);
    }
    friend bool operator==(const ZoneRecord&, const ZoneRecord&) noexcept = default;
};
static_assert(layout_bytes<ZoneRecord> == 104);

/// A leaf of producers_root and of the root leaders' list, in list order.
struct Producer
{
    std::uint32_t validator_id = 0;
    PublicKey public_key{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.validator_id, s.public_key);
    }
    friend bool operator==(const Producer&, const Producer&) noexcept = default;
};
static_assert(layout_bytes<Producer> == 52);

/// Keys of the parameters that the chain itself reads; numbers are u64 in the first 8 bytes.
enum class ParameterKey : std::uint32_t
{
    protocol_version = 0,
    root_leaders = 1,
    root_seats = 2,
    zone_seats = 3,
    checkpoint_seats = 4,
    epoch_heights = 5,   ///< EPOCH_LEN
    period_epochs = 6,   ///< PERIOD
    window_heights = 7,  ///< WINDOW
    unproven_max = 8,
    prove_timeout = 9,
    evidence_window = 10,
    checkpoint_every = 11,
    key_epochs = 12,
    block_bytes_max = 13,
    sync_program = 14,
};

/// A leaf of params_root, ascending by key.
struct Parameter
{
    std::uint32_t key = 0;
    Digest value{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.key, s.value);
    }
    friend bool operator==(const Parameter&, const Parameter&) noexcept = default;
};
static_assert(layout_bytes<Parameter> == 36);

/// Reads a parameter that is a number; false if a byte after the first 8 is not zero.
[[nodiscard]] bool number_of(const Parameter& parameter, std::uint64_t& out) noexcept;

enum class NoticeKind : std::uint8_t
{
    parameter = 1,
    zone_add = 2,
    zone_pause = 3,
    zone_remove = 4,
    program = 5,   ///< value: program_id
    protocol = 6,  ///< value: version
};

/// A leaf of notice_root: a change that the epoch set of its activation will have.
struct Notice
{
    std::uint8_t kind = 0;
    std::uint64_t activation_epoch = 0;
    std::uint32_t subject = 0;  ///< a zone or the key of a parameter
    Digest value{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.kind, s.activation_epoch, s.subject, s.value);
    }
    friend bool operator==(const Notice&, const Notice&) noexcept = default;
};
static_assert(layout_bytes<Notice> == 45);
}  // namespace mote::chain
