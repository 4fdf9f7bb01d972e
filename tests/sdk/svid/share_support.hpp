// What the tests of a share share: one small dispersal, its messages, and the answer to one message.
#pragma once

#include "svid/share.hpp"
#include "tools/svid_producer.hpp"

namespace share_test
{
using mote::Bytes;
using mote::svid::RowsHead;
using svid_cases::ByteVector;
using svid_producer::answer_of;
using svid_producer::Dispersed;
using svid_producer::Message;
using svid_producer::provisional;
using svid_producer::Receiver;

inline constexpr std::uint64_t seven_stakes[] = {10, 20, 30, 5, 5, 7, 23};
inline constexpr std::uint64_t four_stakes[] = {1, 1, 1, 1};
inline constexpr std::size_t pieces[] = {SIZE_MAX, 1024, 100, 1};

// k = 5, K = 8, N = 18; the last data row has 904 bytes.
inline const Dispersed& sample()
{
    static const Dispersed dispersed = []
    {
        std::mt19937 random(1);
        return svid_producer::disperse(svid_producer::random_bytes(5000, random), seven_stakes);
    }();
    return dispersed;
}

// Rows of both trees, as two messages of one share.
inline const std::vector<std::uint32_t> both_trees = {2, 3, 4, 5, 6, 7, 12, 13, 17};

inline std::vector<Message> messages_of(const Dispersed& from)
{
    return {from.message(2, 6), from.message(12, 2), from.message(17, 1)};
}

inline std::vector<std::uint32_t> count_up(std::uint32_t first, std::uint32_t count)
{
    std::vector<std::uint32_t> out(count);
    for (std::uint32_t i = 0; i < count; ++i)
        out[i] = first + i;
    return out;
}

/// The answer to a share of Z and one message for exactly the rows of that message.
inline int answer(const Dispersed& from, const std::vector<std::uint32_t>& requested,
                  const RowsHead& head, Bytes rows, std::size_t piece = SIZE_MAX)
{
    Receiver receiver(from, requested);
    receiver.give_z(from.z);
    receiver.give(head, rows, piece);
    return answer_of(receiver.verdict());
}

inline int answer(const Dispersed& from, const std::vector<std::uint32_t>& requested,
                  const Message& message, std::size_t piece = SIZE_MAX)
{
    return answer(from, requested, message.head(), message.rows, piece);
}
}  // namespace share_test
