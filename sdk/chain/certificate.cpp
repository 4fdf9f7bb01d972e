#include "chain/certificate.hpp"

namespace mote::chain
{
namespace
{
[[nodiscard]] bool known(Kind kind) noexcept
{
    return kind >= Kind::notarize && kind <= Kind::ckpt;
}

[[nodiscard]] bool has_zone(Kind kind) noexcept
{
    return kind == Kind::avail || kind == Kind::valid;
}

/// Kind and the fields that it does not use.
CertificateFault check_fields(const Certificate& certificate) noexcept
{
    if (!known(certificate.kind))
        return CertificateFault::kind;
    if (!has_zone(certificate.kind) && certificate.zone != 0)
        return CertificateFault::zone;
    if (is_zero(certificate.subject) != (certificate.kind == Kind::nullify))
        return CertificateFault::subject;
    return CertificateFault::none;
}

[[nodiscard]] bool spare_bits_clear(Bytes bitmap, std::uint32_t seats) noexcept
{
    return seats % 8 == 0 || bitmap.back() >> (seats % 8) == 0;
}
}  // namespace

Digest signed_digest(const Digest& chain_id, const Certificate& c) noexcept
{
    MOTE_ASSERT(known(c.kind));
    switch (c.kind)
    {
        case Kind::avail:
            return avail_digest(chain_id, c.epoch, c.zone, c.view_or_height, c.subject);
        case Kind::valid:
            return valid_digest(chain_id, c.epoch, c.subject);
        case Kind::ckpt:
            return ckpt_digest(chain_id, c.epoch, c.view_or_height, c.subject);
        case Kind::notarize:
        case Kind::nullify:
        case Kind::finalize:
            break;
    }
    return root_vote_digest(chain_id, c.epoch, c.view_or_height, c.kind, c.subject);
}

CertificateFault check_form(const Certificate& certificate, std::uint32_t seats) noexcept
{
    if (const CertificateFault fault = check_fields(certificate); fault != CertificateFault::none)
        return fault;
    if (seats < 1 || seats > seats_max)
        return CertificateFault::committee_size;
    if (certificate.signers.size() != (seats + 7) / 8)
        return CertificateFault::bitmap_length;
    if (!spare_bits_clear(certificate.signers, seats))
        return CertificateFault::spare_bits;
    if (count_seats(certificate.signers, 0, seats) < quorum(seats))
        return CertificateFault::quorum;
    return CertificateFault::none;
}

CertificateFault check_members(const Certificate& certificate, const Committee& committee) noexcept
{
    if (const CertificateFault fault = check_form(certificate, committee.seats);
        fault != CertificateFault::none)
        return fault;
    for (std::uint32_t i = 0; i < committee.members(); ++i)
    {
        const SeatRange seats = committee.seats_of(i);
        const std::uint32_t set = count_seats(certificate.signers, seats.first, seats.count);
        if (set != 0 && set != seats.count)
            return CertificateFault::partial_member;
    }
    return CertificateFault::none;
}

CertificateFault check_absent(const FollowerCertificate& follower,
                              const Digest& commitment) noexcept
{
    const Certificate& certificate = follower.certificate;
    if (const CertificateFault fault = check_form(certificate, follower.seats);
        fault != CertificateFault::none)
        return fault;
    if (follower.members < 1 || follower.members > follower.seats)
        return CertificateFault::committee_size;
    if (is_infinity(follower.agg_pk) ||
        committee_commitment(follower.seats, follower.members, follower.members_root,
                             follower.agg_pk) != commitment)
        return CertificateFault::commitment;
    if (follower.leaves.size() % member_bytes != 0 ||
        follower.leaves.size() / member_bytes != follower.absent.size())
        return CertificateFault::absent;
    // Seats first: it is cheap, and bounds the number of leaves that are hashed.
    const std::uint32_t set = count_seats(certificate.signers, 0, follower.seats);
    std::uint32_t absent_seats = 0, next_free = 0;
    for (std::size_t i = 0; i < follower.absent.size(); ++i)
    {
        if (follower.absent[i] >= follower.members ||
            (i != 0 && follower.absent[i] <= follower.absent[i - 1]))
            return CertificateFault::absent;
        const Member member = member_at(follower.leaves, i);
        const std::uint32_t end = std::uint32_t{member.first_seat} + member.seats;
        if (member.seats == 0 || member.first_seat < next_free || end > follower.seats ||
            count_seats(certificate.signers, member.first_seat, member.seats) != 0)
            return CertificateFault::absent_seats;
        next_free = end;
        absent_seats += member.seats;
    }
    if (set + absent_seats != follower.seats)
        return CertificateFault::absent_seats;
    const auto leaf_at = [&](std::size_t i)
    { return leaf_hash(follower.leaves.subspan(i * member_bytes, member_bytes)); };
    if (!multiproof_holds(follower.members_root, follower.members, follower.absent, leaf_at,
                          follower.path))
        return CertificateFault::absent_proof;
    return CertificateFault::none;
}

CertificateFault verify(const Certificate& certificate, const Committee& committee,
                        const Digest& chain_id, const SignatureCheck& signatures) noexcept
{
    if (const CertificateFault fault = check_members(certificate, committee);
        fault != CertificateFault::none)
        return fault;
    const SignerKeys keys = {{}, committee.list, certificate.signers};
    return signatures.verify(signatures.context, signed_digest(chain_id, certificate),
                             certificate.signature, keys)
               ? CertificateFault::none
               : CertificateFault::signature;
}

CertificateFault verify(const FollowerCertificate& follower, const Digest& commitment,
                        const Digest& chain_id, const SignatureCheck& signatures) noexcept
{
    if (const CertificateFault fault = check_absent(follower, commitment);
        fault != CertificateFault::none)
        return fault;
    const Certificate& certificate = follower.certificate;
    const SignerKeys keys = {follower.agg_pk, follower.leaves, certificate.signers};
    return signatures.verify(signatures.context, signed_digest(chain_id, certificate),
                             certificate.signature, keys)
               ? CertificateFault::none
               : CertificateFault::signature;
}

void encode_to(MutableBytes out, const Certificate& certificate) noexcept
{
    MOTE_ASSERT(certificate.signers.size() <= signer_bytes_max);
    MOTE_ASSERT(out.size() >= encoded_bytes(certificate));
    std::uint8_t* at = out.data();
    emit(certificate,
         [&](Bytes part)
         {
             if (!part.empty())
                 std::memcpy(at, part.data(), part.size());
             at += part.size();
         });
}

bool decode(Bytes bytes, Certificate& out) noexcept
{
    out = {};
    if (bytes.size() < certificate_bytes_min || bytes.size() > certificate_bytes_max)
        return false;
    Certificate c;
    std::uint8_t kind = 0;
    std::uint16_t signer_bytes = 0;
    internal::ReadFields read{bytes.data()};
    read(kind, c.epoch, c.view_or_height, c.zone, c.subject, signer_bytes);
    if (bytes.size() - certificate_bytes_min != signer_bytes)
        return false;
    c.kind = static_cast<Kind>(kind);
    c.signers = bytes.subspan(55, signer_bytes);
    read.at += signer_bytes;
    read(c.signature);
    if (check_fields(c) != CertificateFault::none)
        return false;
    out = c;
    return true;
}

Digest certificate_hash(const Certificate& certificate) noexcept
{
    hash::Blake3 hash;
    emit(certificate, [&](Bytes part) { hash.update(part); });
    Digest digest;
    hash.finish(digest);
    return digest;
}
}  // namespace mote::chain
