#include "openings/dory_setup.hpp"

#include <cstring>

#include "curve/encoding.hpp"
#include "hash/sha256.hpp"
#include "openings/membership.hpp"

namespace mote::openings
{
namespace
{
using curve::g1_bytes;
using curve::g2_bytes;
using curve::gt_bytes;

constexpr std::size_t vector_count = 5;
constexpr Field vector_fields[vector_count] = {Field::delta_1l, Field::delta_1r, Field::delta_2l,
                                               Field::delta_2r, Field::chi};
enum : std::size_t
{
    delta_1l,
    delta_1r,
    delta_2l,
    delta_2r,
    chi
};

constexpr std::size_t blob_bytes(std::size_t m) noexcept
{
    return vector_count * (8 + (m + 1) * gt_bytes) + 2 * g1_bytes + 2 * g2_bytes + gt_bytes + 8;
}

constexpr std::size_t element_count(std::size_t m) noexcept { return 3 * (m + 1) + 1; }

Status relation(Report& report, Field field, std::uint32_t index, std::uint64_t offset) noexcept
{
    return reject(report, Stage::setup, Reason::setup_relation, field, index, offset);
}

/// m from the length of the first vector and the size of the blob.
Status read_m(Bytes blob, std::uint32_t& m, Report& report) noexcept
{
    if (blob.size() < 8)
        return malformed(report, Reason::truncated, Field::delta_1l, 0, 0);
    const std::uint64_t length = load_le64(blob.data());
    if (length == 0 || length > DorySetup::m_max + 1)
        return malformed(report, Reason::too_many_elements, Field::delta_1l, 0, 0);
    m = static_cast<std::uint32_t>(length - 1);
    if (blob.size() < blob_bytes(m))
        return malformed(report, Reason::truncated, Field::dory_setup, 0, blob.size());
    if (blob.size() > blob_bytes(m))
        return malformed(report, Reason::trailing_bytes, Field::dory_setup, 0, blob_bytes(m));
    return Status::ok;
}
}  // namespace

Status dory_setup_bytes(Bytes blob, std::size_t& out, Report& report) noexcept
{
    std::uint32_t m = 0;
    out = 0;
    MOTE_TRY(read_m(blob, m, report));
    out = GtBatch::memory_bytes(element_count(m));
    return Status::ok;
}

void dory_setup_digest(Bytes blob, std::uint8_t (&digest)[32]) noexcept
{
    const auto hash = hash::sha256(blob);
    std::memcpy(digest, hash.data(), sizeof digest);
}

Status load_dory_setup(Bytes blob, const std::uint8_t* expected, Arena& arena, DorySetup& out,
                       Report& report) noexcept
{
    std::uint32_t m = 0;
    MOTE_TRY(read_m(blob, m, report));
    dory_setup_digest(blob, out.digest);
    if (expected != nullptr && !equal_vartime(Bytes{out.digest}, Bytes{expected, 32}))
        return reject(report, Stage::setup, Reason::unexpected_setup, Field::dory_setup);

    const std::uint8_t* const base = blob.data();
    std::size_t at = 0;
    std::size_t vectors[vector_count];
    for (std::size_t v = 0; v < vector_count; ++v)
    {
        if (load_le64(base + at) != std::uint64_t{m} + 1)
            return reject(report, Stage::setup, Reason::setup_lengths, vector_fields[v], 0, at);
        vectors[v] = at + 8;
        at += 8 + std::size_t{m + 1} * gt_bytes;
    }
    const std::size_t g1_0_at = at, g2_0_at = g1_0_at + g1_bytes, h1_at = g2_0_at + g2_bytes,
                      h2_at = h1_at + g1_bytes, ht_at = h2_at + g2_bytes,
                      max_log_n_at = ht_at + gt_bytes;
    if (load_le64(base + max_log_n_at) != 2 * std::uint64_t{m})
        return reject(report, Stage::setup, Reason::setup_lengths, Field::max_log_n, 0,
                      max_log_n_at);

    // delta_1l = delta_2l = chi shifted by one, and one in front: compared as encodings, which are
    // canonical for the elements of chi.
    std::uint8_t one[gt_bytes];
    curve::encode(curve::Fq12::one(), one);
    for (std::uint32_t k = 0; k <= m; ++k)
    {
        const std::uint8_t* const shifted =
            k == 0 ? one : base + vectors[chi] + std::size_t{k - 1} * gt_bytes;
        for (const std::size_t v : {std::size_t{delta_1l}, std::size_t{delta_2l}})
        {
            const std::size_t offset = vectors[v] + std::size_t{k} * gt_bytes;
            if (std::memcmp(base + offset, shifted, gt_bytes) != 0)
                return relation(report, vector_fields[v], k, offset);
        }
    }
    for (const std::size_t v : {std::size_t{delta_1r}, std::size_t{delta_2r}})
        if (std::memcmp(base + vectors[v], one, gt_bytes) != 0)
            return relation(report, vector_fields[v], 0, vectors[v]);

    GtBatch batch(arena, element_count(m));
    for (const std::size_t v : {std::size_t{chi}, std::size_t{delta_1r}, std::size_t{delta_2r}})
        for (std::uint32_t k = 0; k <= m; ++k)
        {
            const std::size_t offset = vectors[v] + std::size_t{k} * gt_bytes;
            MOTE_TRY(batch.add({base + offset, gt_bytes}, vector_fields[v], k, offset, report));
        }
    MOTE_TRY(batch.add({base + ht_at, gt_bytes}, Field::ht, 0, ht_at, report));
    MOTE_TRY(batch.check(arena, report));

    const auto g1 = [&](std::size_t offset, Field field, curve::G1& point) -> Status
    {
        const Reason reason = curve::decode_g1(base + offset, point);
        return reason == Reason::none ? Status::ok : malformed(report, reason, field, 0, offset);
    };
    const auto g2 = [&](std::size_t offset, Field field, curve::G2& point) -> Status
    {
        Reason reason = curve::decode_g2_on_curve(base + offset, point);
        if (reason == Reason::none && !curve::in_subgroup(point))
            reason = Reason::not_in_subgroup;
        return reason == Reason::none ? Status::ok : malformed(report, reason, field, 0, offset);
    };
    MOTE_TRY(g1(g1_0_at, Field::g1_0, out.g1_0));
    MOTE_TRY(g2(g2_0_at, Field::g2_0, out.g2_0));
    MOTE_TRY(g1(h1_at, Field::h1, out.h1));
    MOTE_TRY(g2(h2_at, Field::h2, out.h2));

    out.m = m;
    out.chi = batch.elements();
    out.delta_1r = out.chi + m + 1;
    out.delta_2r = out.delta_1r + m + 1;
    out.ht = out.delta_2r + m + 1;
    if (!(curve::pairing(out.g1_0, out.g2_0) == out.chi[0]))
        return relation(report, Field::chi, 0, vectors[chi]);
    if (!(curve::pairing(out.h1, out.h2) == *out.ht))
        return relation(report, Field::ht, 0, ht_at);
    curve::prepare(out.g2_0, out.g2_0_lines);
    curve::prepare(out.h2, out.h2_lines);
    return Status::ok;
}
}  // namespace mote::openings
