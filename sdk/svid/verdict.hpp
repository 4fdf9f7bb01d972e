// Verdict: what is known about one dispersal, and which check said so.
//
// A check that fails is an answer about what was received, not an error of the call. Faults are
// numbered by the steps of [SVID] section 9; the lowest failing step is the verdict.
#pragma once

#include <cstdint>

namespace mote::svid
{
enum class Fault : std::uint8_t
{
    none = 0,
    header = 1,     ///< E_HEADER
    params = 2,     ///< E_PARAMS
    commit = 3,     ///< E_COMMIT
    z = 4,          ///< E_Z
    row_shape = 5,  ///< E_ROW_SHAPE
    path = 6,       ///< E_PATH
    fingerprint =
        7,      ///< E_FINGERPRINT: condemns the dispersal itself; the others what was received
    proof = 8,  ///< E_PROOF
};

enum class Outcome : std::uint8_t
{
    incomplete = 0,   ///< nothing wrong, something missing
    rejected = 1,     ///< `fault` says why
    provisional = 2,  ///< all rows hold against a Z that no proof has bound yet
};

struct Verdict
{
    Outcome outcome = Outcome::incomplete;
    Fault fault = Fault::none;
    std::uint8_t step = 0;  ///< the failing one, or the last one finished
    std::uint32_t row = 0;  ///< for step 7: the row that is not the code's
};

[[nodiscard]] constexpr Verdict rejected(Fault fault, std::uint32_t row = 0) noexcept
{
    return {Outcome::rejected, fault, static_cast<std::uint8_t>(fault), row};
}
}  // namespace mote::svid
