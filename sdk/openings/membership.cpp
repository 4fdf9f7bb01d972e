#include "openings/membership.hpp"

namespace mote::openings
{
namespace
{
constexpr std::uint8_t seed_label[] = {'m', 'o', 't', 'e', ' ', 'g', 't', ' ', 'm',
                                       'e', 'm', 'b', 'e', 'r', 's', ' ', 'v', '1'};
}  // namespace

GtBatch::GtBatch(Arena& arena, std::size_t capacity) noexcept
    : elements_(arena.take<curve::Gt>(capacity)),
      positions_(arena.take<Position>(capacity)),
      capacity_(elements_ != nullptr && positions_ != nullptr ? capacity : 0),
      seed_(32)
{
    seed_.update(Bytes{seed_label});
}

std::size_t GtBatch::memory_bytes(std::size_t capacity) noexcept
{
    return capacity * (sizeof(curve::Gt) + sizeof(Position)) + curve::gt_scratch_bytes(capacity) +
           4 * Arena::alignment;
}

Status GtBatch::add(Bytes encoding, Field field, std::uint32_t index, std::uint64_t offset,
                    Report& report) noexcept
{
    if (count_ == capacity_)
        return Status::memory_too_small;
    const Reason reason = curve::decode_fq12(encoding.data(), elements_[count_].value);
    if (reason != Reason::none)
        return malformed(report, reason, field, index, offset);
    positions_[count_++] = {offset, index, field};
    seed_.update(encoding);
    return Status::ok;
}

Status GtBatch::check(Arena& arena, Report& report) noexcept
{
    std::uint8_t seed[32];
    seed_.finish(MutableBytes{seed});
    std::size_t bad = 0;
    if (curve::check_members(elements_, count_, seed, arena, bad))
        return Status::ok;
    const Position& at = positions_[bad];
    return malformed(report, Reason::not_in_subgroup, at.field, at.index, at.offset);
}
}  // namespace mote::openings
