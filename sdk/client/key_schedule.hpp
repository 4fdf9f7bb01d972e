// Key schedule: when a voting key gets a successor, when the successor takes over, when the key is
// destroyed.
//
// A key signs through its last epoch at most, KEY_EPOCHS after it became active. Then its bytes are
// overwritten: committees that are over can no longer be bought to rewrite what they decided, which
// stands in for the deterrence that slashing gives other chains.
//
//   epoch      first                    register_by        last        last + 1
//              |------- signs ---------------|---- signs ---|  overwritten
//                                            |-- successor: record flushed, registered, drawn ...
//
// register_by is early enough that no draw misses: candidates of epoch e come from a state before epoch
// e - 2, and a key has to outlive a duty by CARRY_MAX epochs, a checkpoint duty being a whole period.
//
// Worked case: keys of 48 epochs, root duty, CARRY_MAX 8: a key that is active from epoch 0 is last drawn
// for epoch 39, so its successor is registered in epoch 36 at the latest.
//
// Source  [CONSENSUS] sections 7 and 10.
#pragma once

#include "consensus/lease.hpp"
#include "consensus/vote_record.hpp"
#include "signature/secret_key.hpp"

namespace mote::client
{
inline constexpr std::uint64_t key_epochs_default = 48;  ///< KEY_EPOCHS

/// When a key may sign.
struct KeyTerm
{
    std::uint64_t first_epoch = 0;
    std::uint64_t last_epoch = 0;

    [[nodiscard]] constexpr bool covers(std::uint64_t epoch) const noexcept
    {
        return first_epoch <= epoch && epoch <= last_epoch;
    }
};

/// Gives the longest term of a key that becomes active in `first_epoch`.
///
/// Shape   key_epochs >= 1.
[[nodiscard]] constexpr KeyTerm longest_term(std::uint64_t first_epoch,
                                             std::uint64_t key_epochs) noexcept
{
    const std::uint64_t more = key_epochs - 1;
    return {first_epoch, first_epoch > UINT64_MAX - more ? UINT64_MAX : first_epoch + more};
}

/// Gives the last epoch in which a successor can be registered without missing a draw; the first epoch of
/// the term if it is too short for that.
///
/// Source  [CONSENSUS] section 10: draw and CARRY_MAX.
[[nodiscard]] std::uint64_t register_by(const KeyTerm& term, consensus::Duty duty,
                                        const consensus::DrawRules& rules) noexcept;

/// What is to be done now, most urgent first.
enum class KeyTask : std::uint8_t
{
    none,
    retire,              ///< the key has expired: write its retired record, see Voter::retire
    make_successor,      ///< make a key, give it to set_successor
    record_successor,    ///< flush its first record, then successor_recorded()
    register_successor,  ///< register it in zone 0, then successor_registered()
};

/// The voting key of a device and the one that comes after it.
///
/// Memory  holds both secrets; overwrites one when it expires and when it goes.
class VotingKeys
{
  public:
    VotingKeys() noexcept = default;
    VotingKeys(const VotingKeys&) = delete;
    VotingKeys& operator=(const VotingKeys&) = delete;

    /// Starts with a key whose record was flushed and that is registered.
    ///
    /// Errors  invalid_argument: no key, or a term that ends before it begins.
    Status open(std::span<const std::uint8_t, signature::secret_key_bytes> key, const KeyTerm& term,
                consensus::Duty duty, const consensus::DrawRules& rules) noexcept;

    /// Takes the epoch. An expired key is overwritten here, and a successor whose term has begun
    /// takes its place.
    ///
    /// Shape   epochs never go back; one that does is taken for the highest before.
    /// Timing  overwriting takes the same time whatever the key.
    void on_epoch(std::uint64_t epoch) noexcept;

    [[nodiscard]] KeyTask task() const noexcept;

    /// The key that may sign in this epoch; null if none does.
    ///
    /// Memory  holds until on_epoch.
    [[nodiscard]] const signature::SecretKey* signing() const noexcept;
    [[nodiscard]] const KeyTerm& term() const noexcept { return term_; }
    /// How often a successor took over: who votes has to open its record then.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

    /// Takes the successor.
    ///
    /// Errors  invalid_argument: there is one, no key, or a term that does not go on where this one
    ///         ends or sooner.
    Status set_successor(std::span<const std::uint8_t, signature::secret_key_bytes> key,
                         const KeyTerm& term) noexcept;
    /// Takes the confirmation that the successor's first record is flushed: never before it is on
    /// the medium may anybody hear of the key.
    void successor_recorded() noexcept;
    /// Takes the news that zone 0 has the successor's key, in a finalized block.
    void successor_registered() noexcept;
    /// Takes the confirmation that the expired key's retired record is flushed.
    void retired() noexcept { must_retire_ = false; }

    /// Overwrites both, for a device that gives up.
    void wipe() noexcept;

  private:
    enum class Successor : std::uint8_t
    {
        none,
        made,
        recorded,
        registered,
    };

    signature::SecretKey key_, successor_;
    KeyTerm term_, successor_term_;
    consensus::Duty duty_ = consensus::Duty::root;
    consensus::DrawRules rules_;
    std::uint64_t epoch_ = 0;
    std::uint64_t generation_ = 0;
    Successor progress_ = Successor::none;
    bool must_retire_ = false;
};
}  // namespace mote::client
