// Committees with secret keys, their votes, and an aggregator that owns its memory.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "consensus/aggregator.hpp"
#include "consensus/member_keys.hpp"
#include "sdk/chain/chain_support.hpp"
#include "signature/secret_key.hpp"

namespace aggregator_test
{
using namespace mote::consensus;
using chain_test::ByteVector;
using mote::Arena;
using mote::Bytes;
using mote::Status;
using mote::chain::Certificate;
using mote::chain::Committee;
using mote::chain::Digest;
using mote::chain::LayoutOf;
using mote::chain::Member;
using mote::wire::PartialMessage;
using mote::wire::VoteMessage;
namespace signature = mote::signature;

/// Aligned memory for an arena.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : words_(bytes / 16 + 1), bytes_(bytes) {}
    Arena arena() { return {words_.data(), bytes_}; }

  private:
    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    std::vector<Word> words_;
    std::size_t bytes_;
};

/// A committee whose keys are known.
class Voters
{
  public:
    /// Shape   seats: of each member.
    explicit Voters(const std::vector<std::uint16_t>& seats, std::uint8_t seed = 1)
        : keys_(seats.size())
    {
        std::uint32_t first = 0;
        for (std::size_t i = 0; i < seats.size(); ++i)
        {
            ByteVector entropy(32, seed);
            entropy[0] = static_cast<std::uint8_t>(i);
            entropy[1] = static_cast<std::uint8_t>(i >> 8);
            if (keys_[i].derive_master(entropy) != Status::ok)
                throw std::runtime_error("no key");
            Member member;
            member.validator_id = static_cast<std::uint32_t>(10 * i + 3);
            signature::encode(keys_[i].public_key(), member.public_key);
            member.first_seat = static_cast<std::uint16_t>(first);
            member.seats = seats[i];
            first += seats[i];
            const LayoutOf<Member> leaf = mote::chain::encode(member);
            list_.insert(list_.end(), leaf.begin(), leaf.end());
        }
        if (!open_committee(list_, committee_))
            throw std::runtime_error("no committee");
        memory_ = std::make_unique<Memory>(MemberKeys::memory_bytes(committee_));
        Arena arena = memory_->arena();
        if (member_keys_.open(committee_, arena) != Status::ok)
            throw std::runtime_error("no keys");
    }
    Voters(const Voters&) = delete;

    [[nodiscard]] const Committee& committee() const { return committee_; }
    [[nodiscard]] const ByteVector& list() const { return list_; }
    [[nodiscard]] MemberKeys& keys() { return member_keys_; }
    [[nodiscard]] std::uint32_t size() const { return committee_.members(); }
    [[nodiscard]] Digest commitment() const
    {
        return mote::chain::committee_commitment(
            committee_.seats, size(), mote::chain::members_root(list_), member_keys_.agg_pk());
    }

    [[nodiscard]] mote::chain::Signature sign(std::uint32_t member, const Digest& digest) const
    {
        mote::chain::Signature out;
        signature::encode(keys_[member].sign(digest), out);
        return out;
    }

    [[nodiscard]] VoteMessage vote(const Digest& chain_id, std::uint32_t member, Kind kind,
                                   std::uint64_t epoch, std::uint64_t view, const Digest& subject,
                                   std::uint32_t zone = 0) const
    {
        VoteMessage vote;
        vote.kind = kind;
        vote.epoch = epoch;
        vote.view_or_height = view;
        vote.zone = zone;
        vote.subject = subject;
        vote.member = member;
        Certificate c;
        c.kind = kind;
        c.epoch = epoch;
        c.view_or_height = view;
        c.zone = zone;
        c.subject = subject;
        vote.signature = sign(member, signed_digest(chain_id, c));
        return vote;
    }

    /// The certificate of these members, for the fields of a vote.
    struct Made
    {
        Certificate certificate;
        ByteVector signers;
    };
    [[nodiscard]] Made certificate(const Digest& chain_id,
                                   const std::vector<std::uint32_t>& members, Kind kind,
                                   std::uint64_t epoch, std::uint64_t view, const Digest& subject,
                                   std::uint32_t zone = 0) const
    {
        Made made;
        made.signers.resize((committee_.seats + 7) / 8);
        std::vector<signature::Signature> signatures;
        Certificate& c = made.certificate;
        c.kind = kind;
        c.epoch = epoch;
        c.view_or_height = view;
        c.zone = zone;
        c.subject = subject;
        const Digest digest = signed_digest(chain_id, c);
        for (const std::uint32_t i : members)
        {
            const Member member = committee_.member(i);
            signatures.insert(signatures.end(), member.seats, keys_[i].sign(digest));
            for (std::uint32_t seat = 0; seat < member.seats; ++seat)
                mote::chain::set_seat(made.signers, std::uint32_t{member.first_seat} + seat);
        }
        signature::Signature sum;
        if (signature::aggregate(signatures, sum) != Status::ok)
            throw std::runtime_error("nobody signs");
        signature::encode(sum, c.signature);
        return made;
    }

  private:
    std::vector<signature::SecretKey> keys_;
    ByteVector list_;
    Committee committee_;
    std::unique_ptr<Memory> memory_;
    MemberKeys member_keys_;
};

/// A scheme that counts the questions asked of another one.
struct Counting
{
    VoteScheme inner;
    int batches = 0, sums = 0;
    std::size_t votes = 0;

    [[nodiscard]] VoteScheme scheme()
    {
        VoteScheme out;
        out.context = this;
        out.decode = [](void* c, const mote::chain::Signature& bytes, SignaturePoint& point)
        { return self(c).inner.decode(self(c).inner.context, bytes, point); };
        out.encode = [](void* c, const SignaturePoint& point, mote::chain::Signature& bytes)
        { self(c).inner.encode(self(c).inner.context, point, bytes); };
        out.clear = [](void* c, SignatureSum& sum)
        { self(c).inner.clear(self(c).inner.context, sum); };
        out.add = [](void* c, SignatureSum& sum, const SignaturePoint& point, std::uint32_t times)
        { self(c).inner.add(self(c).inner.context, sum, point, times); };
        out.finish = [](void* c, const SignatureSum& sum, SignaturePoint& point)
        { self(c).inner.finish(self(c).inner.context, sum, point); };
        out.verify_votes = [](void* c, const Digest& digest, std::span<const BatchedVote> votes)
        {
            ++self(c).batches;
            self(c).votes += votes.size();
            return self(c).inner.verify_votes(self(c).inner.context, digest, votes);
        };
        out.verify_sum = [](void* c, const Digest& digest, const SignaturePoint& sum, Bytes signers)
        {
            ++self(c).sums;
            return self(c).inner.verify_sum(self(c).inner.context, digest, sum, signers);
        };
        return out;
    }

  private:
    static Counting& self(void* context) { return *static_cast<Counting*>(context); }
};

/// What came out, with bitmaps of its own.
struct Out
{
    struct Sum
    {
        Certificate certificate;
        ByteVector signers;
        std::uint32_t subnet = 0;

        [[nodiscard]] PartialMessage partial() const
        {
            PartialMessage message;
            message.certificate = certificate;
            message.certificate.signers = signers;
            message.subnet = subnet;
            return message;
        }
        [[nodiscard]] Certificate get() const { return partial().certificate; }
    };
    std::vector<Sum> partials, certificates;
    std::vector<mote::chain::VoteEvidence> evidence;
    std::vector<Offender> offenders;
};

struct Relay
{
    AggregatorConfig config;
    Counting counting;
    std::unique_ptr<Memory> memory;
    Aggregator aggregator;

    Relay(Voters& voters, AggregatorConfig wanted) : config(std::move(wanted))
    {
        config.committee = voters.committee();
        config.entropy[0] = 77;
        counting.inner = voters.keys().scheme();
        memory = std::make_unique<Memory>(Aggregator::memory_bytes(config));
        Arena arena = memory->arena();
        if (aggregator.open(config, counting.scheme(), arena) != Status::ok)
            throw std::runtime_error("no aggregator");
    }

    Out take()
    {
        Out out;
        for (AggregatorOutput one; aggregator.next(one);)
        {
            const ByteVector signers(one.certificate.signers.begin(),
                                     one.certificate.signers.end());
            switch (one.kind)
            {
                case AggregatorOutputKind::partial:
                    out.partials.push_back({one.certificate, signers, one.subnet});
                    break;
                case AggregatorOutputKind::certificate:
                    out.certificates.push_back({one.certificate, signers, 0});
                    break;
                case AggregatorOutputKind::evidence:
                    out.evidence.push_back(one.evidence);
                    break;
                case AggregatorOutputKind::offender:
                    out.offenders.push_back(one.offender);
                    break;
            }
        }
        return out;
    }
};

inline Digest digest_of(std::uint8_t byte)
{
    Digest digest{};
    digest[5] = byte;
    return digest;
}
}  // namespace aggregator_test
