// answer: what an opened proof says about a key.
//
//   present with value v   an active entry with the key, and v in it
//   absent                 an active entry E with hash(E) < hash(key) < next(E)
//   after block h          the same with E.version <= h; E active, or E inactive and named by an
//                          opened entry F with E.version <= h < F.version
//
// h must not exceed the height of the block whose root was used: the root does not contain its
// height, the header does.
//
// Source  [QMDB-FORMAT] section 5.
#pragma once

#include "state/open.hpp"

namespace mote::state
{
enum class Answer : std::uint8_t
{
    unproven = 0,  ///< the proof does not say; another one may
    present = 1,
    absent = 2,
};

/// Answers for the block of the root.
///
/// Shape   key: any length; one that cannot be a key is unproven.
/// Memory  `value` points into the proof; empty unless present.
/// Cost    a pass over the opened entries of the shard, with a key hash for each active one whose key
///         is another, at most.
[[nodiscard]] Answer answer(const Opened& opened, Bytes key, Bytes& value) noexcept;

/// Answers for the time after block `height`.
///
/// Cost    two passes like the one above, and one over the serial numbers that entries name.
[[nodiscard]] Answer answer_after(const Opened& opened, Bytes key, std::uint64_t height,
                                  Bytes& value) noexcept;
}  // namespace mote::state
