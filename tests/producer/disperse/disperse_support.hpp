// What the producer's tests share: blocks, sets, dispersals that are edited afterwards.
#pragma once

#include "disperse/dispersal.hpp"
#include "tools/svid_producer.hpp"

namespace disperse_test
{
using mote::disperse::Dispersal;
using svid_cases::ByteVector;
using svid_producer::Dispersed;
using svid_producer::random_bytes;

inline mote::disperse::Subject subject()
{
    mote::disperse::Subject out;
    for (std::size_t i = 0; i < 32; ++i)
        out.chain_id[i] = static_cast<std::uint8_t>(i);
    out.zone = 7;
    out.height = 1000;
    out.epoch = 3;
    return out;
}

inline Dispersal encode(const ByteVector& block, const std::vector<std::uint64_t>& stakes,
                        unsigned threads = 1)
{
    return {block, subject(), stakes, {threads, {}}};
}

/// A block must outlive its dispersal.
Dispersal encode(ByteVector&&, const std::vector<std::uint64_t>&, unsigned threads = 1) = delete;

/// A copy of the producer's output that can be edited and sealed again.
inline Dispersed editable(const Dispersal& from)
{
    Dispersed out;
    out.params = from.params();
    out.header = from.header();
    for (std::uint32_t r = 0; r < out.params.rows; ++r)
        out.rows.emplace_back(from.row(r).begin(), from.row(r).end());
    out.seal();
    return out;
}

/// The validators of a dispersal with the ranges they are assigned.
struct Validators
{
    Validators(const std::vector<std::uint64_t>& with, const mote::svid::Header& header)
        : stakes(with), ranges(with.size())
    {
        ByteVector keys;
        for (std::size_t v = 0; v < stakes.size(); ++v)
            for (std::size_t i = 0; i < mote::svid::public_key_bytes; ++i)
                keys.push_back(static_cast<std::uint8_t>(v >> (8 * (i % 3))));
        const mote::svid::ValidatorSet set = {{}, stakes, keys};
        svid_cases::Memory memory(64 * stakes.size() + 64);
        mote::Arena arena = memory.arena();
        mote::svid::Assignment assignment;
        if (assignment.open(set, arena) != mote::Status::ok)
            throw std::logic_error("no assignment");
        assignment.ranges(set, header, ranges);
    }
    std::vector<std::uint64_t> stakes;
    std::vector<mote::svid::AssignedRange> ranges;
};

/// What a validator that asks for these rows answers when it has everything.
inline int answer_of_holder(const Dispersed& from, const std::vector<std::uint32_t>& rows)
{
    svid_producer::Receiver receiver(from, rows);
    receiver.give_z(from.z);
    for (const std::uint32_t r : rows)
        receiver.give(from.message(r, 1));
    return svid_producer::answer_of(receiver.verdict());
}

inline int answer_of_validator(const Dispersed& from, const mote::svid::AssignedRange& range)
{
    svid_producer::Receiver receiver(from, svid_cases::rows_of(range, from.params.rows));
    receiver.give_z(from.z);
    for (const auto& message : from.messages(range))
        receiver.give(message);
    return svid_producer::answer_of(receiver.verdict());
}
}  // namespace disperse_test
