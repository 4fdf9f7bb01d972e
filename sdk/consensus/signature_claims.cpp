#include "consensus/signature_claims.hpp"

#include "signature/verify.hpp"

namespace mote::consensus
{
bool SignatureClaims::add(const signature::PublicKey& key, const Digest& digest,
                          const chain::Signature& signature) noexcept
{
    signature::Signature point;
    if (key.infinity || signature::decode_signature(signature, point) != Reason::none)
    {
        good_ = false;
        return false;
    }
    ++claims_;
    if (mode_ == Mode::one_by_one)
    {
        const bool holds = signature::verify(key, digest, point);
        good_ = good_ && holds;
        return holds;
    }
    std::array<std::uint8_t, 40> message;
    chain::internal::WriteFields write{message.data()};
    write(entropy_, claims_);
    const Digest drawn = hash::blake3_derive_key("mote batch factor v1", message);
    const std::uint64_t factor = load_le64(drawn.data());
    // Zero has the odds of guessing the others.
    if (batch_.add(key, digest, point, factor == 0 ? 1 : factor) != Status::ok)
        good_ = false;
    return good_;
}

bool SignatureClaims::add(const chain::PublicKey& key, const Digest& digest,
                          const chain::Signature& signature) noexcept
{
    if (instead_.verify != nullptr)
    {
        const chain::SignerKeys keys = {key, {}, {}};
        good_ = instead_.verify(instead_.context, digest, signature, keys) && good_;
        return good_;
    }
    signature::PublicKey point;
    if (signature::decode_public_key(key, point) != Reason::none)
    {
        good_ = false;
        return false;
    }
    return add(point, digest, signature);
}

bool SignatureClaims::add(const chain::Certificate& certificate, const KnownCommittee& committee,
                          const Digest& chain_id) noexcept
{
    const Digest digest = chain::signed_digest(chain_id, certificate);
    if (instead_.verify != nullptr)
    {
        const chain::SignerKeys keys = {{}, committee.committee.list, certificate.signers};
        good_ = instead_.verify(instead_.context, digest, certificate.signature, keys) && good_;
        return good_;
    }
    signature::PublicKey key;
    if (!signer_key(certificate, committee, key))
    {
        good_ = false;
        return false;
    }
    return add(key, digest, certificate.signature);
}

bool SignatureClaims::finish() noexcept
{
    const bool batch_holds = mode_ == Mode::one_by_one || claims_ == 0 || batch_.finish();
    const bool answer = good_ && batch_holds;
    *this = SignatureClaims(entropy_, mode_, instead_);
    return answer;
}

bool signer_key(const chain::Certificate& certificate, const KnownCommittee& committee,
                signature::PublicKey& out) noexcept
{
    curve::bls12_381::G1Jacobian absent;
    bool any = false;
    for (std::uint32_t i = 0; i < committee.committee.members(); ++i)
    {
        const chain::Member member = committee.committee.member(i);
        if (chain::seat_set(certificate.signers, member.first_seat))
            continue;
        signature::PublicKey key;
        if (!committee.key_of(i, key))
            return false;
        if (member.seats == 1)
            absent += key;
        else
            absent += curve::multiply_vartime(key, field::Limbs<1>{member.seats});
        any = true;
    }
    out = any ? signature::difference(committee.all, absent.to_affine_vartime()) : committee.all;
    return true;
}

chain::CertificateFault check_certificate(const chain::Certificate& certificate,
                                          const KnownCommittee& committee, const Digest& chain_id,
                                          const KnownCertificates& known,
                                          SignatureClaims& claims) noexcept
{
    if (const chain::CertificateFault fault =
            chain::check_members(certificate, committee.committee);
        fault != chain::CertificateFault::none)
        return fault;
    if (known.contains != nullptr &&
        known.contains(known.context, chain::certificate_hash(certificate)))
        return chain::CertificateFault::none;
    return claims.add(certificate, committee, chain_id) ? chain::CertificateFault::none
                                                        : chain::CertificateFault::signature;
}
}  // namespace mote::consensus
