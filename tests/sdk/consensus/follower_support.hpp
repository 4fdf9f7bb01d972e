// A certificate in follower form: the absent members with a proof made by the definition.
#pragma once

#include <algorithm>

#include "aggregator_support.hpp"

namespace aggregator_test
{
inline Digest top_of(const std::vector<Digest>& leaves, std::uint32_t start, std::uint32_t end)
{
    if (end - start == 1)
        return leaves[start];
    const std::uint32_t middle = start + mote::chain::internal::left_leaves(end - start);
    return mote::chain::node_hash(top_of(leaves, start, middle), top_of(leaves, middle, end));
}

/// The values of a multiproof of `known` below the leaves from start to end.
inline void walk(const std::vector<Digest>& leaves, std::uint32_t start, std::uint32_t end,
                 const std::vector<std::uint32_t>& known, ByteVector& path)
{
    if (std::none_of(known.begin(), known.end(),
                     [&](std::uint32_t i) { return i >= start && i < end; }))
    {
        const Digest top = top_of(leaves, start, end);
        path.insert(path.end(), top.begin(), top.end());
        return;
    }
    if (end - start == 1)
        return;
    const std::uint32_t middle = start + mote::chain::internal::left_leaves(end - start);
    walk(leaves, start, middle, known, path);
    walk(leaves, middle, end, known, path);
}

/// What a follower is sent.
struct Follows
{
    Certificate certificate;
    ByteVector signers, leaves, path;
    std::vector<std::uint32_t> absent;
    mote::chain::FollowerCertificate parts;

    Follows(Voters& of, const Voters::Made& made)
        : certificate(made.certificate), signers(made.signers)
    {
        std::vector<Digest> hashes;
        for (std::uint32_t i = 0; i < of.size(); ++i)
        {
            const Bytes leaf = Bytes(of.list()).subspan(std::size_t{56} * i, 56);
            hashes.push_back(mote::chain::leaf_hash(leaf));
            if (mote::chain::seat_set(signers, of.committee().member(i).first_seat))
                continue;
            absent.push_back(i);
            leaves.insert(leaves.end(), leaf.begin(), leaf.end());
        }
        if (!absent.empty())
            walk(hashes, 0, of.size(), absent, path);
        parts.seats = of.committee().seats;
        parts.members = of.size();
        parts.members_root = mote::chain::members_root(of.list());
        parts.agg_pk = of.keys().agg_pk();
    }

    [[nodiscard]] mote::chain::FollowerCertificate get() const
    {
        mote::chain::FollowerCertificate out = parts;
        out.certificate = certificate;
        out.certificate.signers = signers;
        out.absent = absent;
        out.leaves = leaves;
        out.path = path;
        return out;
    }
};
}  // namespace aggregator_test
