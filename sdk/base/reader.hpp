// Reader: a cursor over hostile bytes that knows what it is reading.
//
// Every "does not parse" of the core needs the same three facts: what was wrong, in which field, at
// which byte. The cursor carries the field and the position, so that a decoder is a list of reads.
// Worked case: over the bytes {1, 0, 0, 0, 7}, u32_le() gives 1, u8() gives 7, and one more u8()
// reports `truncated` at offset 5.
//
// An offset in a report is where the item that cannot be read begins, counted in the span the caller
// of the SDK passed: `base_offset` is where this reader's bytes begin in that span.
#pragma once

#include "base/bytes.hpp"
#include "base/status.hpp"

namespace mote
{
class Reader
{
  public:
    /// Starts at the first of `bytes`.
    ///
    /// Memory  the bytes and the report must outlive the reader; what it returns points into them.
    Reader(Bytes bytes, std::uint64_t base_offset, Report& report) noexcept
        : bytes_(bytes), base_offset_(base_offset), report_(&report)
    {
    }

    /// Names what is read from here on; only reports look at it.
    void enter(Field field, std::uint32_t index = 0) noexcept
    {
        field_ = field;
        index_ = index;
    }
    /// Goes on to the next element of the current field.
    void next_index() noexcept { ++index_; }
    [[nodiscard]] Field field() const noexcept { return field_; }
    [[nodiscard]] std::uint32_t index() const noexcept { return index_; }

    [[nodiscard]] std::size_t position() const noexcept { return at_; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return base_offset_ + at_; }
    [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - at_; }
    /// The next byte; one past the end when nothing remains.
    [[nodiscard]] const std::uint8_t* data() const noexcept { return bytes_.data() + at_; }
    /// What was read since `position` was the position.
    [[nodiscard]] Bytes since(std::size_t position) const noexcept
    {
        return bytes_.subspan(position, at_ - position);
    }
    [[nodiscard]] Report& report() const noexcept { return *report_; }

    /// Reports that the item at `position` does not parse.
    Status fail(Reason reason, std::size_t position) const noexcept
    {
        return malformed(*report_, reason, field_, index_, base_offset_ + position);
    }

    /// Takes the next `count` bytes.
    ///
    /// Errors  malformed (truncated); nothing is taken then.
    Status take(std::size_t count, Bytes& out) noexcept
    {
        if (count > remaining())
            return fail(Reason::truncated, at_);
        out = bytes_.subspan(at_, count);
        at_ += count;
        return Status::ok;
    }
    /// Passes over `count` bytes.
    Status skip(std::size_t count) noexcept
    {
        Bytes ignored;
        return take(count, ignored);
    }

    Status u8(std::uint8_t& out) noexcept { return fixed(out); }
    Status u32_le(std::uint32_t& out) noexcept { return fixed(out); }
    Status u64_le(std::uint64_t& out) noexcept { return fixed(out); }

    /// Reads a byte that must be 0 or 1.
    ///
    /// Errors  malformed (truncated, illegal_bool).
    Status boolean(bool& out) noexcept
    {
        const std::size_t start = at_;
        std::uint8_t byte = 0;
        MOTE_TRY(u8(byte));
        if (byte > 1)
            return fail(Reason::illegal_bool, start);
        out = byte == 1;
        return Status::ok;
    }

    /// Demands that nothing remains.
    ///
    /// Errors  malformed (trailing_bytes) at the first byte too many.
    Status finish(Field whole) noexcept
    {
        if (remaining() == 0)
            return Status::ok;
        enter(whole);
        return fail(Reason::trailing_bytes, at_);
    }

  private:
    template <typename Int>
    Status fixed(Int& out) noexcept
    {
        Bytes bytes;
        MOTE_TRY(take(sizeof(Int), bytes));
        out = load_le<Int>(bytes.data());
        return Status::ok;
    }

    Bytes bytes_;
    std::uint64_t base_offset_;
    Report* report_;
    std::size_t at_ = 0;
    Field field_ = Field::none;
    std::uint32_t index_ = 0;
};
}  // namespace mote
