#include "consensus/member_keys.hpp"

#include <type_traits>

#include "signature/batch.hpp"

namespace mote::consensus
{
namespace
{
using Sum = curve::bls12_381::G2Jacobian;

static_assert(sizeof(signature::Signature) <= sizeof(SignaturePoint) &&
              alignof(signature::Signature) <= alignof(SignaturePoint) &&
              std::is_trivially_copyable_v<signature::Signature>);
static_assert(sizeof(Sum) <= sizeof(SignatureSum) && alignof(Sum) <= alignof(SignatureSum) &&
              std::is_trivially_copyable_v<Sum>);

template <class Out, class In>
[[nodiscard]] Out unpack(const In& in) noexcept
{
    Out out;
    std::memcpy(static_cast<void*>(&out), in.bytes.data(), sizeof out);
    return out;
}

template <class Out, class In>
void pack(const In& in, Out& out) noexcept
{
    out.bytes = {};  // equal values have equal bytes
    std::memcpy(out.bytes.data(), static_cast<const void*>(&in), sizeof in);
}

bool decode_point(void*, const chain::Signature& bytes, SignaturePoint& out)
{
    signature::Signature point;
    if (signature::decode_signature(bytes, point) != Reason::none)
        return false;
    pack(point, out);
    return true;
}

void encode_point(void*, const SignaturePoint& point, chain::Signature& out)
{
    signature::encode(unpack<signature::Signature>(point), out);
}

void clear_sum(void*, SignatureSum& sum) { pack(Sum{}, sum); }

void add_point(void*, SignatureSum& sum, const SignaturePoint& point, std::uint32_t times)
{
    Sum total = unpack<Sum>(sum);
    const auto p = unpack<signature::Signature>(point);
    if (times == 1)
        total += p;
    else
    {
        Sum multiple;
        for (std::uint32_t bit = 16; bit-- > 0;)
        {
            multiple = multiple.twice();
            if ((times >> bit & 1) != 0)
                multiple += p;
        }
        total += multiple;
    }
    pack(total, sum);
}

void finish_sum(void*, const SignatureSum& sum, SignaturePoint& out)
{
    pack(unpack<Sum>(sum).to_affine_vartime(), out);
}

[[nodiscard]] bool verifies(const signature::PublicKey& key, const Digest& digest,
                            const chain::Signature& bytes) noexcept
{
    signature::Signature point;
    return signature::decode_signature(bytes, point) == Reason::none &&
           signature::verify(key, digest, point);
}

/// Adds up the keys by decoding them.
[[nodiscard]] bool decode_sum(const chain::SignerKeys& keys, signature::PublicKey& out) noexcept
{
    curve::bls12_381::G1Jacobian sum;
    bool good = true;
    keys.for_each(
        [&](const chain::PublicKey& bytes, std::uint32_t seats)
        {
            signature::PublicKey key;
            if (!good || signature::decode_public_key(bytes, key) != Reason::none)
            {
                good = false;
                return;
            }
            if (seats == 1)
                sum += key;
            else
                sum += curve::multiply_vartime(key, field::Limbs<1>{seats});
        });
    if (!good)
        return false;
    out = sum.to_affine_vartime();
    if (keys.from.empty())
        return true;
    signature::PublicKey all;
    chain::PublicKey bytes;
    std::memcpy(bytes.data(), keys.from.data(), bytes.size());
    if (signature::decode_public_key(bytes, all) != Reason::none)
        return false;
    out = signature::difference(all, out);
    return true;
}

bool check_by_decoding(void*, const Digest& digest, const chain::Signature& bytes,
                       const chain::SignerKeys& keys)
{
    signature::PublicKey key;
    return decode_sum(keys, key) && verifies(key, digest, bytes);
}

bool check_certificate(void* context, const Digest& digest, const chain::Signature& bytes,
                       const chain::SignerKeys& keys)
{
    auto& self = *static_cast<MemberKeys*>(context);
    const bool ours = keys.from.empty() && keys.members.data() == self.committee().list.data() &&
                      keys.members.size() == self.committee().list.size();
    return ours ? verifies(self.sum(keys.signers), digest, bytes)
                : check_by_decoding(context, digest, bytes, keys);
}

bool check_votes(void* context, const Digest& digest, std::span<const BatchedVote> votes)
{
    const auto& self = *static_cast<const MemberKeys*>(context);
    signature::SameMessageBatch batch;
    for (const BatchedVote& vote : votes)
        if (batch.add(self.key(vote.member), unpack<signature::Signature>(*vote.signature),
                      votes.size() == 1 ? 1 : vote.factor) != Status::ok)
            return false;
    return batch.finish(digest);
}

bool check_sum(void* context, const Digest& digest, const SignaturePoint& sum, Bytes signers)
{
    auto& self = *static_cast<MemberKeys*>(context);
    return signature::verify(self.sum(signers), digest, unpack<signature::Signature>(sum));
}
}  // namespace

bool MemberKeys::take(const chain::Committee& committee, Arena& arena) noexcept
{
    const std::size_t members = committee.members();
    scratch_bytes_ = signature::sum_keys_scratch_bytes();
    keys_ = arena.take<signature::PublicKey>(members);
    weights_ = arena.take<std::uint16_t>(members);
    scratch_ = arena.take<signature::Signature>(
        (scratch_bytes_ + sizeof(signature::Signature) - 1) / sizeof(signature::Signature));
    return keys_ != nullptr && weights_ != nullptr && scratch_ != nullptr;
}

std::size_t MemberKeys::memory_bytes(const chain::Committee& committee) noexcept
{
    Arena counting(nullptr, 0);
    MemberKeys keys;
    static_cast<void>(keys.take(committee, counting));
    return counting.used();
}

Status MemberKeys::open(const chain::Committee& committee, Arena& arena) noexcept
{
    *this = MemberKeys();
    if (!take(committee, arena))
        return Status::memory_too_small;
    for (std::uint32_t i = 0; i < committee.members(); ++i)
    {
        const chain::Member member = committee.member(i);
        if (signature::decode_public_key(member.public_key, keys_[i]) != Reason::none)
            return Status::rejected;
        weights_[i] = member.seats;
    }
    Arena scratch(scratch_, scratch_bytes_);
    MOTE_TRY(signature::sum_keys({keys_, committee.members()}, {weights_, committee.members()},
                                 scratch, agg_pk_));
    if (agg_pk_.infinity)
        return Status::rejected;
    signature::encode(agg_pk_, agg_pk_bytes_);
    committee_ = committee;
    return Status::ok;
}

signature::PublicKey MemberKeys::sum(Bytes signers) noexcept
{
    const std::uint32_t members = committee_.members();
    std::uint32_t present = 0;
    for (std::uint32_t i = 0; i < members; ++i)
        present += chain::seat_set(signers, committee_.member(i).first_seat) ? 1 : 0;
    // Half the members at most are added, those present or those absent.
    const bool add_present = 2 * present <= members;
    for (std::uint32_t i = 0; i < members; ++i)
    {
        const chain::Member member = committee_.member(i);
        const bool added = chain::seat_set(signers, member.first_seat) == add_present;
        weights_[i] = added ? member.seats : std::uint16_t{0};
    }
    Arena scratch(scratch_, scratch_bytes_);
    signature::PublicKey out;
    const Status status = signature::sum_keys({keys_, members}, {weights_, members}, scratch, out);
    MOTE_ASSERT(status == Status::ok);
    static_cast<void>(status);
    return add_present ? out : signature::difference(agg_pk_, out);
}

chain::SignatureCheck MemberKeys::check() noexcept { return {this, check_certificate}; }

VoteScheme MemberKeys::scheme() noexcept
{
    return {this,      decode_point, encode_point, clear_sum,
            add_point, finish_sum,   check_votes,  check_sum};
}

chain::SignatureCheck decoding_check() noexcept { return {nullptr, check_by_decoding}; }
}  // namespace mote::consensus
