// GtBatch: GT elements on their way from bytes to elements of known order.
//
// Elements of a key, a setup or a proof are added one after the other and tested together (see
// curve::check_members). Until check() said ok, none of them may be used.
#pragma once

#include "curve/encoding.hpp"
#include "curve/gt.hpp"
#include "hash/blake2b.hpp"

namespace mote::openings
{
class GtBatch
{
  public:
    /// Takes room for `capacity` elements from the arena.
    ///
    /// Memory  the elements stay in the arena; check() needs curve::gt_scratch_bytes(capacity) more.
    GtBatch(Arena& arena, std::size_t capacity) noexcept;

    /// Bytes that a batch and its check take from an arena.
    [[nodiscard]] static std::size_t memory_bytes(std::size_t capacity) noexcept;

    /// Decodes 384 bytes and appends the element.
    ///
    /// Errors  malformed with field_not_canonical; memory_too_small beyond the capacity.
    Status add(Bytes encoding, Field field, std::uint32_t index, std::uint64_t offset,
               Report& report) noexcept;

    /// Tests all elements.
    ///
    /// Errors  malformed with not_in_subgroup, naming the first element that is not.
    Status check(Arena& arena, Report& report) noexcept;

    /// The elements in the order added.
    [[nodiscard]] const curve::Gt* elements() const noexcept { return elements_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

  private:
    struct Position
    {
        std::uint64_t offset;
        std::uint32_t index;
        Field field;
    };
    curve::Gt* elements_;
    Position* positions_;
    std::size_t capacity_;
    std::size_t count_ = 0;
    hash::Blake2b seed_;
};
}  // namespace mote::openings
