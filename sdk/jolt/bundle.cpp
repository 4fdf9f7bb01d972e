#include "jolt/bundle.hpp"

#include "jolt/decode.hpp"
#include "jolt/digest.hpp"

namespace mote::jolt
{
namespace
{
Section section_since(const BincodeReader& in, std::size_t start) noexcept
{
    const Bytes bytes = in.since(start);
    return {bytes, in.offset() - bytes.size()};
}

Status read_generators(BincodeReader& in) noexcept
{
    bool present = false;
    in.enter(Field::vector_commitment_setup);
    MOTE_TRY(in.boolean(present));
    if (!present)
        return Status::ok;
    MOTE_TRY(in.g1_vector());
    return in.g1();
}

Status read_preprocessing(BincodeReader& in, BundleParts& out) noexcept
{
    std::size_t start = in.position();
    ProgramShape shape;
    MOTE_TRY(read_program(in, shape));
    in.enter(Field::preprocessing_digest);
    MOTE_TRY(in.skip(digest_bytes));
    out.key = section_since(in, start);

    in.enter(Field::dory_setup);
    MOTE_TRY(in.byte_string(out.setup.bytes));
    out.setup.offset = in.offset() - out.setup.bytes.size();

    start = in.position();
    MOTE_TRY(read_generators(in));
    out.generators = section_since(in, start);
    return Status::ok;
}

/// The proof is walked over only to find its end.
Status read_proof_section(BincodeReader& in, BundleParts& out) noexcept
{
    const std::size_t start = in.position();
    Proof proof;
    const Status status = read_proof(in, proof);
    if (status == Status::rejected)
    {
        Bytes rest;
        MOTE_TRY(in.take(in.remaining(), rest));
    }
    out.proof = section_since(in, start);
    return status;
}

Status read_bundle(BincodeReader& in, BundleParts& out) noexcept
{
    MOTE_TRY(read_preprocessing(in, out));

    const std::size_t start = in.position();
    PublicIo io;
    MOTE_TRY(read_device(in, io));
    out.device = section_since(in, start);

    MOTE_TRY(read_proof_section(in, out));

    in.enter(Field::trusted_advice_commitment);
    GtView commitment;
    MOTE_TRY(in.gt_option(commitment));
    if (commitment.count == 1)
        out.trusted_advice = {commitment[0], in.offset() - GtView::element_bytes};
    return in.finish(Field::bundle);
}
}  // namespace

Status split_bundle(Bytes bundle, BundleParts& out, Report& report) noexcept
{
    out = {};
    BincodeReader in(bundle, 0, report);
    const Status status = read_bundle(in, out);
    if (status == Status::malformed)
        out = {};
    return status;
}
}  // namespace mote::jolt
