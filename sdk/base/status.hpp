// Status: how a call inside the core ended, and Report: what it found out about its subject.
//
// Three kinds of "no" stay apart. `rejected` is an answer about the subject (a proof, a key) and
// comes with a filled Report. `malformed` says the bytes do not parse, again with a Report that
// names the field and the offset. Everything else means the call itself could not be done. A bug of
// ours is none of these: see assert.hpp.
//
// Inside the core all three travel as a Status, so that MOTE_TRY stops at the first of them and no
// caller can forget one; the C facade turns `rejected` and `malformed` into a verdict. A Report that
// nobody filled says nothing was accepted.
#pragma once

#include <cstdint>

namespace mote
{
enum class [[nodiscard]] Status : std::uint32_t
{
    ok = 0,
    rejected = 1,          ///< well formed, and the answer is no
    malformed = 2,         ///< the bytes do not parse canonically
    invalid_argument = 3,  ///< the caller broke the contract of the function
    memory_too_small = 4,  ///< the caller gave less memory than the size function says
    limit_exceeded = 5,    ///< more than this build's documented limits allow
};

/// Where a verification was when it ended. The order is the order of the checks.
enum class Stage : std::uint16_t
{
#define MOTE_STAGE(code, name, text) name = code,
#include "base/stage_table.inc"
#undef MOTE_STAGE
};

/// Why the answer is no.
enum class Reason : std::uint16_t
{
#define MOTE_REASON(code, name, text) name = code,
#include "base/reason_table.inc"
#undef MOTE_REASON
};

/// A named part of a program key, setup, device or proof.
enum class Field : std::uint16_t
{
#define MOTE_FIELD(code, name, text) name = code,
#include "base/field_table.inc"
#undef MOTE_FIELD
};

/// What was found out. Codes and positions only; the texts are in abi/text.cpp.
struct Report
{
    Stage stage = Stage::none;
    Reason reason = Reason::none;
    Field field = Field::none;
    std::uint32_t index = 0;   ///< which element of `field`, or which round
    std::uint64_t offset = 0;  ///< byte position in the span the caller passed; 0 if not applicable
};

/// Records a negative answer. Returns Status::rejected, for `return reject(...)`.
inline Status reject(Report& report, Stage stage, Reason reason, Field field = Field::none,
                     std::uint32_t index = 0, std::uint64_t offset = 0) noexcept
{
    report = {stage, reason, field, index, offset};
    return Status::rejected;
}

/// Records bytes that do not parse. Returns Status::malformed.
inline Status malformed(Report& report, Reason reason, Field field, std::uint32_t index,
                        std::uint64_t offset) noexcept
{
    report = {Stage::decode, reason, field, index, offset};
    return Status::malformed;
}
}  // namespace mote

#define MOTE_TRY(expression)                                                                      \
    do                                                                                            \
    {                                                                                             \
        if (const ::mote::Status mote_status_ = (expression); mote_status_ != ::mote::Status::ok) \
            return mote_status_;                                                                  \
    } while (false)
