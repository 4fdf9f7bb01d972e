// Schedule: which sumcheck round binds which variable of the committed polynomials.
//
// Most polynomials live on the trace matrix: address chunk times cycle. Advice, committed bytecode
// chunks and the program image are "precommitted": committed over matrices of their own, before the
// trace length is known. All of them are opened together at one joint point, so the rounds of stages
// 6b ("cycle rounds") and 7 ("address rounds") are numbered through, 0 to total - 1, and a
// permutation says which round's challenge is which coordinate of the joint point. A precommitted
// polynomial takes part of the row coordinates and part of the column coordinates, so that its small
// matrix is the top left corner of the joint one; rounds that it does not use halve its claim.
//
// Worked case: 2^10 cycles, chunks of 4 bits, advice of 2^9 words, cycle-major: 14 rounds, 10 of them
// cycle rounds, 7 columns. The advice (4 row and 5 column variables) uses the rounds
// 10 9 8 7 | 4 3 2 1 0; the only address round among them is number 10, the first of stage 7.
//
// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/geometry/claim_reductions/precommitted.rs.
#pragma once

#include <span>

#include "field/bn254.hpp"
#include "jolt/limits.hpp"
#include "jolt/proof.hpp"

namespace mote::jolt
{
/// The kinds of precommitted polynomials in the order of every list of them.
enum class Precommitted : std::uint8_t
{
    trusted_advice,
    untrusted_advice,
    bytecode_chunks,  ///< all chunks share one schedule
    program_image,
};
inline constexpr std::uint32_t precommitted_count = 4;

/// Number of variables per kind; `absent` for those that do not occur.
struct PrecommittedVariables
{
    static constexpr std::uint32_t absent = 0xffffffff;

    std::uint32_t of[precommitted_count] = {absent, absent, absent, absent};

    [[nodiscard]] std::uint32_t& operator[](Precommitted kind) noexcept
    {
        return of[static_cast<std::uint32_t>(kind)];
    }
};

struct Schedule
{
    struct Polynomial
    {
        bool present = false;
        bool has_address_phase = false;  ///< its reduction ends in stage 7, not in 6b
        std::uint32_t variables = 0;
        std::uint32_t rows = 0;     ///< row variables; the rest are column variables
        std::uint32_t skipped = 0;  ///< rounds that halve its claim
        std::uint64_t rounds = 0;   ///< bit g: round g belongs to it
    };

    bool any = false;                            ///< at least one precommitted polynomial
    std::uint32_t total = 0;                     ///< variables of the joint point
    std::uint32_t align = 0;                     ///< the rounds from here on are address rounds
    std::uint32_t columns = 0;                   ///< column variables of the joint matrix
    std::uint8_t order[limits::point_max] = {};  ///< round of each coordinate of the joint point
    Polynomial polynomials[precommitted_count];

    [[nodiscard]] const Polynomial& operator[](Precommitted kind) const noexcept
    {
        return polynomials[static_cast<std::uint32_t>(kind)];
    }

    /// The round whose challenge is coordinate `i` of the polynomial's own point.
    ///
    /// Shape   i < polynomial.variables.
    [[nodiscard]] std::uint32_t round_of(const Polynomial& polynomial,
                                         std::uint32_t i) const noexcept
    {
        const std::uint32_t row_variables = total - columns;
        return i < polynomial.rows ? order[row_variables - polynomial.rows + i]
                                   : order[total - polynomial.variables + i];
    }

    /// Writes the polynomial's own point.
    ///
    /// Shape   by_round: challenge of every round up to the last one the polynomial uses;
    ///         out: polynomial.variables elements.
    void own_point(const Polynomial& polynomial, std::span<const field::Fr> by_round,
                   field::Fr* out) const noexcept;
};

/// Lays out the rounds.
///
/// Errors  false if the total exceeds limits::point_max or a polynomial has more row or column
///         variables than the joint matrix; `culprit` is its kind then. `out` is unspecified.
/// Shape   log_trace, log_k_chunk: at most the limits.
[[nodiscard]] bool make_schedule(const PrecommittedVariables& variables, std::uint32_t log_trace,
                                 std::uint32_t log_k_chunk, TraceOrder order, Schedule& out,
                                 Precommitted& culprit) noexcept;
}  // namespace mote::jolt
