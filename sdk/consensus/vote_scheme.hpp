// Vote scheme: how signatures of one committee are added up and checked, without saying which.
//
// The aggregator adds signatures and asks questions about sums; it knows nothing of curves. The real
// scheme is MemberKeys (member_keys.hpp). A simulator that runs ten thousand voters may bring a
// cheaper one, and has to say that it did.
//
// What a scheme promises: a signature that decodes may be added, sums do not depend on the order, and
// verify_* say yes only if the members signed the digest (except with probability 2^-64).
//
// Source  [CONSENSUS] sections 3.1 and 9.
#pragma once

#include "chain/types.hpp"

namespace mote::consensus
{
using chain::Digest;

/// A signature that was decoded, in whatever form the scheme adds.
struct SignaturePoint
{
    alignas(16) std::array<std::uint8_t, 240> bytes;
};

/// A sum of signatures under way.
struct SignatureSum
{
    alignas(16) std::array<std::uint8_t, 352> bytes;
};

/// One vote of a batch. The factor is random and not 0, so that errors of several votes cannot cancel.
struct BatchedVote
{
    std::uint32_t member = 0;
    const SignaturePoint* signature = nullptr;
    std::uint64_t factor = 0;
};

struct VoteScheme
{
    void* context = nullptr;
    /// Takes a signature from outside; false unless it is one that may be added.
    bool (*decode)(void* context, const chain::Signature& bytes, SignaturePoint& out) = nullptr;
    /// Gives the bytes of a signature or of a finished sum.
    void (*encode)(void* context, const SignaturePoint& point, chain::Signature& out) = nullptr;
    /// Makes a sum empty.
    void (*clear)(void* context, SignatureSum& sum) = nullptr;
    /// sum += times * point.
    void (*add)(void* context, SignatureSum& sum, const SignaturePoint& point,
                std::uint32_t times) = nullptr;
    void (*finish)(void* context, const SignatureSum& sum, SignaturePoint& out) = nullptr;
    /// Whether every vote is its member's signature over `digest`.
    bool (*verify_votes)(void* context, const Digest& digest,
                         std::span<const BatchedVote> votes) = nullptr;
    /// Whether `sum` is the sum over the members whose seats are set, once for each seat.
    ///
    /// Shape   signers: whole members only, at least one.
    bool (*verify_sum)(void* context, const Digest& digest, const SignaturePoint& sum,
                       Bytes signers) = nullptr;
};
}  // namespace mote::consensus
