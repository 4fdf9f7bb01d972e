// Epoch data: the lists behind an epoch's commitments, opened once and read for a whole epoch.
//
//   params_root        parameters: limits, and the root of the leaders' list
//   zones_root         zone records: for each zone a commitment and a producers_root
//   a commitment       members, their keys, the sum of all keys
//   producers_root     producers; with the epoch's seed the order of their turns
//
// Lists stay where they are, 56 bytes a member and 52 a producer. Decoded keys are optional: without them
// only the absent members' keys are decoded for a certificate, because the sum of all was kept.
//
// Source  [CONSENSUS] sections 3.1, 3.3, 5 and 17.
#pragma once

#include "chain/calendar.hpp"
#include "chain/certificate.hpp"
#include "chain/epoch_set.hpp"
#include "chain/turns.hpp"
#include "chain/zone_rules.hpp"
#include "signature/keys.hpp"

namespace mote::consensus
{
using chain::Digest;

/// A committee whose list has the commitment, and whose keys are keys.
struct KnownCommittee
{
    chain::Committee committee;
    Digest commitment{};
    signature::PublicKey all;                    ///< sum of seats * key
    std::span<const signature::PublicKey> keys;  ///< one for each member, or none

    /// Whether there is a committee.
    [[nodiscard]] bool is_open() const noexcept { return committee.seats != 0; }
    /// The index of the member with this key, or members().
    [[nodiscard]] std::uint32_t find(const chain::PublicKey& key) const noexcept;
    /// The key of a member; false if its bytes are none, which open_known_committee() rules out.
    [[nodiscard]] bool key_of(std::uint32_t member, signature::PublicKey& out) const noexcept;
};

/// Opens a list of members under a commitment.
///
/// Shape   memory: room for one key a member, or less: then no keys are kept.
/// Errors  rejected: not a list, a key that is none, or another commitment. `out` is empty then.
/// Memory  keeps `list` and, if it is used, `memory`.
/// Cost    decodes every key: a square root and a subgroup test for each.
Status open_known_committee(Bytes list, const Digest& commitment,
                            std::span<signature::PublicKey> memory, KnownCommittee& out) noexcept;

/// A list of producers and the order of their turns.
struct ProducerList
{
    Bytes list;                            ///< layouts of chain::Producer
    std::span<const std::uint32_t> order;  ///< the permutation of the epoch's seed, as many

    [[nodiscard]] std::uint32_t size() const noexcept
    {
        return static_cast<std::uint32_t>(list.size() / chain::layout_bytes<chain::Producer>);
    }
    [[nodiscard]] chain::Producer at(std::uint32_t index) const noexcept;
};

/// Opens a list of producers under its root.
///
/// Shape   memory: room for the order.
/// Errors  rejected: no list, an empty one, or another root; limit_exceeded: more than `memory` holds.
Status open_producers(Bytes list, const Digest& root, const Digest& seed,
                      std::span<std::uint32_t> memory, ProducerList& out) noexcept;

/// What params_root says, of what the chain reads.
struct Parameters
{
    std::uint64_t protocol_version = 0;
    Digest root_leaders{};
    chain::ZoneLimits zone_limits;
    std::uint64_t checkpoint_every = 8;
    std::uint64_t key_epochs = 48;
    std::uint64_t block_bytes_max = 0;
    chain::Calendar calendar;
};

/// Opens a list of parameters under its root. Keys that are not there have their defaults.
///
/// Errors  rejected: no list, keys that do not ascend, a number that is none, or another root.
Status open_parameters(Bytes list, const Digest& root, Parameters& out) noexcept;

struct ZoneEpoch
{
    std::uint32_t zone = 0;
    Digest commitment{};
    const KnownCommittee* committee = nullptr;  ///< null if its list is not here
    ProducerList producers;                     ///< empty if its list is not here
};

struct EpochData
{
    std::uint64_t epoch = 0;
    Digest zones_root{};
    Digest params_root{};
    Parameters parameters;
    Digest root_commitment{};
    const KnownCommittee* root = nullptr;  ///< null if its list is not here
    ProducerList leaders;                  ///< empty if its list is not here
    std::span<const ZoneEpoch> zones;

    [[nodiscard]] const ZoneEpoch* find(std::uint32_t zone) const noexcept;
};
}  // namespace mote::consensus
