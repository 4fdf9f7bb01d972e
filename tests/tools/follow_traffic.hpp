// What a follower receives at the default parameters: a root header and a checkpoint certificate of 512
// seats in follower form, as they are encoded, with real signatures.
#pragma once

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "chain/certificate.hpp"
#include "chain/headers.hpp"
#include "signature/verify.hpp"
#include "wire/consensus_messages.hpp"

namespace mote::test
{
/// A committee of members with one seat each, whose keys are 1, 2, 4, 8 ... times a first one.
class Traffic
{
  public:
    static constexpr std::uint64_t committee_seed = 51;

    /// Shape   absent_count: at most seats - quorum(seats).
    Traffic(std::uint32_t seats, std::uint32_t absent_count) : seats_(seats)
    {
        using curve::bls12_381::G1Jacobian;
        G1Jacobian key = curve::bls12_381::g1_generator, sum;
        for (std::uint32_t i = 0; i < seats; ++i)
        {
            keys_.push_back(key.to_affine());
            sum += key;
            key = key.twice();
        }
        signature::encode(sum.to_affine(), agg_pk_);
        for (std::uint32_t i = 0; i < seats; ++i)
        {
            chain::Member member;
            member.validator_id = 7 * i;
            signature::encode(keys_[i], member.public_key);
            member.first_seat = static_cast<std::uint16_t>(i);
            member.seats = 1;
            const chain::LayoutOf<chain::Member> leaf = chain::encode(member);
            list_.insert(list_.end(), leaf.begin(), leaf.end());
            hashes_.push_back(chain::leaf_hash(leaf));
        }
        root_ = chain::members_root(list_);
        commitment_ = chain::committee_commitment(seats, seats, root_, agg_pk_);
        std::vector<std::uint32_t> all(seats);
        for (std::uint32_t i = 0; i < seats; ++i)
            all[i] = i;
        std::mt19937_64 random(committee_seed);
        for (std::uint32_t i = 0; i < absent_count; ++i)
            std::swap(all[i], all[i + random() % (seats - i)]);
        absent_.assign(all.begin(), all.begin() + absent_count);
        std::sort(absent_.begin(), absent_.end());
        signers_.assign((seats + 7) / 8, 0);
        for (std::uint32_t i = 0, next = 0; i < seats; ++i)
        {
            if (next < absent_.size() && absent_[next] == i)
            {
                leaves_.insert(leaves_.end(), list_.begin() + std::ptrdiff_t{56} * i,
                               list_.begin() + std::ptrdiff_t{56} * (i + 1));
                ++next;
            }
            else
                chain::set_seat(signers_, i);
        }
        if (!absent_.empty())
            walk(0, seats);
    }

    [[nodiscard]] const chain::Digest& commitment() const { return commitment_; }
    [[nodiscard]] const std::vector<signature::PublicKey>& keys() const { return keys_; }

    /// Shape   signature: of the sum of those present; see signature_by.
    [[nodiscard]] chain::FollowerCertificate certificate(const chain::RootHeader& header,
                                                         std::uint64_t period,
                                                         const chain::Signature& by) const
    {
        chain::FollowerCertificate out;
        out.certificate.kind = chain::Kind::ckpt;
        out.certificate.epoch = period;
        out.certificate.view_or_height = header.height;
        out.certificate.subject = hash_of(header);
        out.certificate.signers = signers_;
        out.certificate.signature = by;
        out.seats = out.members = seats_;
        out.members_root = root_;
        out.agg_pk = agg_pk_;
        out.absent = absent_;
        out.leaves = leaves_;
        out.path = path_;
        return out;
    }

    /// The sum of the signatures of those present, made of the first key's: key i is 2^i times it.
    [[nodiscard]] chain::Signature signature_by(const signature::Signature& first) const
    {
        curve::bls12_381::G2Jacobian one = first, sum;
        for (std::uint32_t i = 0; i < seats_; ++i)
        {
            if (chain::seat_set(signers_, i))
                sum += one;
            one = one.twice();
        }
        chain::Signature out;
        signature::encode(sum.to_affine(), out);
        return out;
    }

    /// A header in which no field is shorter on the wire than it will be for years.
    [[nodiscard]] chain::RootHeader header(std::uint64_t height) const
    {
        chain::RootHeader out;
        out.height = height;
        out.epoch = (height - 1) / 3600;
        out.view = height % 3600 + 40;
        out.parent_view = out.view - 1;
        out.proposer = 19;
        out.time_ms = 1800000000000 + height;
        for (chain::Digest* digest :
             {&out.parent, &out.body_root, &out.zone_table_root, &out.root_committee,
              &out.next_root_committee, &out.next_ckpt_committee, &out.zones_root, &out.params_root,
              &out.randao, &out.evidence_root, &out.next_set, &out.epoch_randao})
            digest->fill(9);
        out.ckpt_committee = commitment_;
        return out;
    }

    /// Bytes of the header's and the certificate's message together.
    [[nodiscard]] static std::size_t message_bytes(const chain::RootHeader& header,
                                                   const chain::FollowerCertificate& follower)
    {
        std::vector<std::uint8_t> out(wire::follower_cert_message_bytes_max);
        std::size_t first = 0, second = 0;
        if (wire::encode(header, out, first) != Status::ok ||
            wire::encode(follower, out, second) != Status::ok)
            throw std::runtime_error("does not encode");
        return first + second;
    }

  private:
    [[nodiscard]] chain::Digest top(std::uint32_t start, std::uint32_t end) const
    {
        if (end - start == 1)
            return hashes_[start];
        const std::uint32_t middle = start + chain::internal::left_leaves(end - start);
        return chain::node_hash(top(start, middle), top(middle, end));
    }
    void walk(std::uint32_t start, std::uint32_t end)
    {
        if (std::none_of(absent_.begin(), absent_.end(),
                         [&](std::uint32_t i) { return i >= start && i < end; }))
        {
            const chain::Digest value = top(start, end);
            path_.insert(path_.end(), value.begin(), value.end());
            return;
        }
        if (end - start == 1)
            return;
        const std::uint32_t middle = start + chain::internal::left_leaves(end - start);
        walk(start, middle);
        walk(middle, end);
    }

    std::uint32_t seats_;
    std::vector<signature::PublicKey> keys_;
    std::vector<chain::Digest> hashes_;
    chain::PublicKey agg_pk_{};
    chain::Digest root_{}, commitment_{};
    std::vector<std::uint8_t> list_, signers_, leaves_, path_;
    std::vector<std::uint32_t> absent_;
};

/// A wallet's day: the handover of the period, and the newest checkpoint twice more.
inline constexpr std::size_t messages_a_day = 3;
}  // namespace mote::test
