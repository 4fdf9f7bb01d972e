#include "sumcheck/uniskip.hpp"

#include "poly/univariate.hpp"

namespace mote::sumcheck
{
template <std::size_t N>
Status verify_uniskip(const Uniskip& round, const RoundsView& proof, Where where,
                      transcript::Transcript& transcript, Fr& challenge, Report& report) noexcept
{
    MOTE_ASSERT(round.degree <= uniskip_degree_max);
    if (proof.form != RoundsView::Form::full)
        return reject(report, where.stage, Reason::sumcheck_form, where.field, 0, proof.offset);
    if (proof.rounds != 1)
        return reject(report, where.stage, Reason::round_count, where.field, 0, proof.offset);

    RoundsCursor cursor(proof);
    const FrView stored = cursor.next();
    if (stored.count > round.degree + 1)
        return reject(report, where.stage, Reason::round_degree, where.field, 0, proof.offset);

    Fr buffer[uniskip_degree_max + 1];
    for (std::uint32_t i = 0; i < stored.count; ++i)
        buffer[i] = stored[i];
    const std::span<const Fr> coefficients(buffer, stored.count);

    if (!(poly::centered_sum<N>(coefficients) == round.claim))
        return reject(report, where.stage, Reason::uniskip_sum, where.field, 0, proof.offset);

    transcript.append_label_with_count("uniskip_poly", stored.count);
    for (std::uint32_t i = 0; i < stored.count; ++i)
        transcript.append_field(stored.bytes(i));
    challenge = transcript.challenge();

    if (!(poly::evaluate(coefficients, challenge) == round.reduced))
        return reject(report, where.stage, Reason::uniskip_claim, where.field, 0, proof.offset);
    transcript.labelled_field("opening_claim", round.reduced);
    return Status::ok;
}

template Status verify_uniskip<3>(const Uniskip&, const RoundsView&, Where, transcript::Transcript&,
                                  Fr&, Report&) noexcept;
template Status verify_uniskip<10>(const Uniskip&, const RoundsView&, Where,
                                   transcript::Transcript&, Fr&, Report&) noexcept;
}  // namespace mote::sumcheck
