// DoryProof: the parts of a Dory opening proof, as views into its bytes.
//
// The blob is arkworks' fixed-width encoding: no varints, every group element compressed and bare.
//
//     vmv: c GT, d2 GT, e1 G1 | rounds u32
//     rounds x first  (d1_left GT, d1_right GT, d2_left GT, d2_right GT, e1_beta G1, e2_beta G2)
//     rounds x second (c_plus GT, c_minus GT, e1_plus G1, e1_minus G1, e2_plus G2, e2_minus G2)
//     option final (e1 G1, e2 G2) | nu u32 | sigma u32 | five options that only hiding proofs have
//
// GT is 384 bytes, G1 32, G2 64, integers are little-endian. What the elements encode is checked
// later, all at once. Worked case: the transparent proof of 7 rounds has 19,058 bytes, and second(0,
// SecondMessage::c_minus) begins at 836 + 7 * 1632 + 384.
//
// Source  [DORY] src/proof.rs, src/messages.rs; docs/formats/jolt-bundle.md.
#pragma once

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/status.hpp"

namespace mote::openings
{
/// What the prover sends before beta, in wire order.
enum class FirstMessage : std::uint8_t
{
    d1_left,
    d1_right,
    d2_left,
    d2_right,
    e1_beta,
    e2_beta,
};

/// What the prover sends before alpha, in wire order.
enum class SecondMessage : std::uint8_t
{
    c_plus,
    c_minus,
    e1_plus,
    e1_minus,
    e2_plus,
    e2_minus,
};

struct DoryProof
{
    static constexpr std::size_t g1_bytes = 32, g2_bytes = 64, gt_bytes = 384;
    static constexpr std::uint32_t rounds_max = 64;
    static constexpr std::size_t first_bytes = 4 * gt_bytes + g1_bytes + g2_bytes;
    static constexpr std::size_t second_bytes = 2 * gt_bytes + 2 * g1_bytes + 2 * g2_bytes;

    Bytes blob;
    std::uint64_t offset = 0;  ///< of the blob, in the caller's span
    Bytes vmv_c, vmv_d2, vmv_e1;
    std::uint32_t rounds = 0;
    Bytes first_messages, second_messages;  ///< `rounds` of each
    Bytes final_e1, final_e2;
    std::uint32_t nu = 0, sigma = 0;

    /// The element `name` of round `round`; its size follows from the name.
    [[nodiscard]] Bytes first(std::uint32_t round, FirstMessage name) const noexcept
    {
        MOTE_ASSERT(round < rounds);
        const Place place = place_of(static_cast<std::size_t>(name), 4, 1);
        return first_messages.subspan(first_bytes * round + place.start, place.bytes);
    }
    [[nodiscard]] Bytes second(std::uint32_t round, SecondMessage name) const noexcept
    {
        MOTE_ASSERT(round < rounds);
        const Place place = place_of(static_cast<std::size_t>(name), 2, 2);
        return second_messages.subspan(second_bytes * round + place.start, place.bytes);
    }
    /// Position of a part of the blob in the caller's span.
    [[nodiscard]] std::uint64_t offset_of(Bytes part) const noexcept
    {
        return offset + static_cast<std::uint64_t>(part.data() - blob.data());
    }

  private:
    struct Place
    {
        std::size_t start, bytes;
    };
    /// Element i of a message that has `gt_count` of GT, then `g1_count` of G1, then those of G2.
    [[nodiscard]] static constexpr Place place_of(std::size_t i, std::size_t gt_count,
                                                  std::size_t g1_count) noexcept
    {
        if (i < gt_count)
            return {gt_bytes * i, gt_bytes};
        const std::size_t gt_end = gt_bytes * gt_count;
        i -= gt_count;
        if (i < g1_count)
            return {gt_end + g1_bytes * i, g1_bytes};
        return {gt_end + g1_bytes * g1_count + g2_bytes * (i - g1_count), g2_bytes};
    }
};

/// Decodes a blob that fills `blob` exactly.
///
/// Shape   rounds_max: what the setup supports; the format itself stops at DoryProof::rounds_max.
/// Errors  malformed; rejected at Stage::dory with opening_shape for more than `rounds_max` rounds
///         (nothing after their number was read), or, once the whole blob parsed, with opening_mode
///         for fields of a hiding proof or a missing final message. On any error `out` is empty.
/// Memory  `out` points into `blob`.
/// Cost    constant in the number of rounds: only lengths are looked at.
[[nodiscard]] Status decode_dory_proof(Bytes blob, std::uint64_t base_offset,
                                       std::uint32_t rounds_max, DoryProof& out,
                                       Report& report) noexcept;
}  // namespace mote::openings
