// Member keys: the members' keys as points, and what is asked of them.
//
// A validator decodes the keys of a committee once an epoch and asks many times: does this certificate
// verify, do these votes, does this sum. The key of a certificate is the sum over its signers, or the
// committee's aggregate key less the sum over those absent, whichever has fewer members.
//
//   MemberKeys keys;
//   keys.open(committee, arena);                      // decodes every key, once
//   chain::verify(certificate, committee, chain_id, keys.check())
//
// Source  [CONSENSUS] sections 3.1 and 8.
#pragma once

#include "base/arena.hpp"
#include "chain/certificate.hpp"
#include "consensus/vote_scheme.hpp"
#include "signature/verify.hpp"

namespace mote::consensus
{
/// The keys of one committee.
///
/// Memory  from an arena: 104 bytes a member, or 128 where fields are unsaturated, and scratch.
class MemberKeys
{
  public:
    [[nodiscard]] static std::size_t memory_bytes(const chain::Committee& committee) noexcept;

    /// Decodes the keys and adds them up.
    ///
    /// Shape   committee: its list must outlive this object.
    /// Errors  rejected: a key is none, or their sum is infinity; agg_pk() tells whether it is the
    ///         committed one. memory_too_small.
    /// Cost    a square root and a subgroup test for each member.
    Status open(const chain::Committee& committee, Arena& arena) noexcept;

    [[nodiscard]] const chain::Committee& committee() const noexcept { return committee_; }
    /// The sum of seats * key over all members.
    [[nodiscard]] const chain::PublicKey& agg_pk() const noexcept { return agg_pk_bytes_; }
    [[nodiscard]] const signature::PublicKey& key(std::uint32_t member) const noexcept
    {
        return keys_[member];
    }

    /// Gives the sum over the members whose seats are set.
    ///
    /// Shape   signers: whole members only (see check_members).
    /// Cost    an addition for each signer, or for each member absent if those are fewer.
    [[nodiscard]] signature::PublicKey sum(Bytes signers) noexcept;

    /// Verifies certificates of this committee in member form, by the keys that are here, and any
    /// certificate in follower form, by decoding.
    ///
    /// Memory  refers to this object.
    [[nodiscard]] chain::SignatureCheck check() noexcept;

    /// Adds up votes of this committee.
    ///
    /// Memory  refers to this object.
    [[nodiscard]] VoteScheme scheme() noexcept;

  private:
    [[nodiscard]] bool take(const chain::Committee& committee, Arena& arena) noexcept;

    chain::Committee committee_;
    chain::PublicKey agg_pk_bytes_{};
    signature::PublicKey agg_pk_;
    signature::PublicKey* keys_ = nullptr;
    std::uint16_t* weights_ = nullptr;
    void* scratch_ = nullptr;
    std::size_t scratch_bytes_ = 0;
};

/// Verifies certificates by decoding every key, in either form: for a follower, who keeps none.
///
/// Cost    a square root and a subgroup test for each key: signers in member form, the absent and
///         agg_pk in follower form.
[[nodiscard]] chain::SignatureCheck decoding_check() noexcept;
}  // namespace mote::consensus
