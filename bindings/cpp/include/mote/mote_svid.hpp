// mote_svid.hpp: owning handles over mote_svid.h for hosted C++. Adds memory management, nothing else.
//
//   auto epoch = mote::SvidEpoch::open(validators);
//   if (!epoch) ...                                              // epoch.status()
//   mote::ShareOutcome outcome =
//       mote::check_share(epoch, expected, request, header, &z, messages, message_count);
//   if (outcome.provisional()) ...
//
// and for bytes as they arrive a mote::SvidShare, whose get() the functions mote_svid_share_* take.
//
// Works without exceptions: a handle that could not be opened is empty and says why. An epoch may be
// shared; a share belongs to one thread at a time.
#ifndef MOTE_MOTE_SVID_HPP
#define MOTE_MOTE_SVID_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "mote/mote.hpp"
#include "mote/mote_svid.h"

namespace mote
{
/// What a call said: its status and the verdict on the share.
struct ShareOutcome
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    mote_svid_verdict verdict{sizeof(mote_svid_verdict), 0, 0, 0, 0};

    /// Every row asked for holds against a Z that no proof has bound.
    [[nodiscard]] bool provisional() const noexcept { return is(MOTE_SVID_PROVISIONAL); }
    /// verdict.fault says why.
    [[nodiscard]] bool rejected() const noexcept { return is(MOTE_SVID_REJECTED); }
    /// Nothing wrong, something missing.
    [[nodiscard]] bool incomplete() const noexcept { return is(MOTE_SVID_INCOMPLETE); }

  private:
    [[nodiscard]] bool is(std::uint32_t outcome) const noexcept
    {
        return status == MOTE_OK && verdict.outcome == outcome;
    }
};

/// The validators of an epoch, put in order. Copies share one epoch.
class SvidEpoch
{
  public:
    static SvidEpoch open(const mote_svid_validators& validators)
    {
        SvidEpoch result;
        std::size_t bytes = 0;
        result.status_ = mote_svid_epoch_size(&bytes, validators.count);
        if (result.status_ != MOTE_OK)
            return result;
        result.memory_ = std::make_shared<detail::Memory>(bytes);
        result.status_ =
            mote_svid_epoch_open(&result.object_, result.memory_->data.get(), bytes, &validators);
        return result;
    }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    [[nodiscard]] const mote_svid_epoch* get() const noexcept { return object_; }
    [[nodiscard]] mote_status status() const noexcept { return status_; }

  private:
    mote_status status_ = MOTE_INVALID_ARGUMENT;
    std::shared_ptr<detail::Memory> memory_;
    mote_svid_epoch* object_ = nullptr;
};

/// The check of one share in pieces. It needs its epoch only to be opened.
class SvidShare
{
  public:
    /// Makes steps 1 to 3. A header that fails gives an empty handle, and outcome() says why.
    static SvidShare open(const SvidEpoch& epoch, const mote_svid_expected& expected,
                          const mote_svid_request& request, View header)
    {
        SvidShare result;
        ShareOutcome& o = result.opening_;
        std::size_t bytes = 0;
        o.status = mote_svid_share_size(&bytes, &o.verdict, epoch.get(), &expected, &request,
                                        header.data, header.bytes);
        if (o.status != MOTE_OK || bytes == 0)
            return result;
        result.memory_ = std::make_unique<detail::Memory>(bytes);
        o.status =
            mote_svid_share_open(&result.object_, &o.verdict, result.memory_->data.get(), bytes,
                                 epoch.get(), &expected, &request, header.data, header.bytes);
        return result;
    }

    SvidShare(SvidShare&& other) noexcept
        : opening_(other.opening_), memory_(std::move(other.memory_)), object_(other.object_)
    {
        other.object_ = nullptr;
    }
    SvidShare& operator=(SvidShare&& other) noexcept
    {
        opening_ = other.opening_;
        memory_ = std::move(other.memory_);
        object_ = other.object_;
        other.object_ = nullptr;
        return *this;
    }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    [[nodiscard]] mote_svid_share* get() const noexcept { return object_; }

    /// What is known so far; of an empty handle, why it is empty.
    [[nodiscard]] ShareOutcome outcome() const noexcept
    {
        if (object_ == nullptr)
            return opening_;
        ShareOutcome o;
        o.status = mote_svid_share_verdict(&o.verdict, object_);
        return o;
    }

  private:
    SvidShare() = default;

    ShareOutcome opening_;
    std::unique_ptr<detail::Memory> memory_;
    mote_svid_share* object_ = nullptr;
};

/// See mote_svid_check_share(). `z` nullptr: none was received.
inline ShareOutcome check_share(const SvidEpoch& epoch, const mote_svid_expected& expected,
                                const mote_svid_request& request, View header, const View* z,
                                const mote_svid_rows* messages, std::size_t message_count)
{
    ShareOutcome o;
    std::size_t bytes = 0;
    o.status = mote_svid_share_size(&bytes, &o.verdict, epoch.get(), &expected, &request,
                                    header.data, header.bytes);
    if (o.status != MOTE_OK || bytes == 0)
        return o;
    // NULL would mean that none was received.
    const std::uint8_t nothing = 0;
    const std::uint8_t* z_data = nullptr;
    if (z != nullptr)
        z_data = z->bytes == 0 ? &nothing : z->data;
    const detail::Memory memory(bytes);
    o.status = mote_svid_check_share(&o.verdict, memory.data.get(), bytes, epoch.get(), &expected,
                                     &request, header.data, header.bytes, z_data,
                                     z != nullptr ? z->bytes : 0, messages, message_count);
    return o;
}

/// What a call said about the claim that a row is not the code's.
struct BadRowOutcome
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    mote_svid_finding finding{sizeof(mote_svid_finding), 0, 0, {}, {}};

    /// The producer is guilty, if its signature of finding.announce_digest holds.
    [[nodiscard]] bool convicts() const noexcept
    {
        return status == MOTE_OK && finding.finding == MOTE_SVID_CONVICTS;
    }
};

/// See mote_svid_check_bad_row(). `chain_id` has 32 bytes.
inline BadRowOutcome check_bad_row(const SvidEpoch& epoch, const std::uint8_t* chain_id,
                                   View header, const mote_svid_rows& message, View z)
{
    BadRowOutcome o;
    std::size_t bytes = 0;
    o.status = mote_svid_bad_row_size(&bytes);
    if (o.status != MOTE_OK)
        return o;
    const detail::Memory memory(bytes);
    o.status = mote_svid_check_bad_row(&o.finding, memory.data.get(), bytes, epoch.get(), chain_id,
                                       header.data, header.bytes, &message, z.data, z.bytes);
    return o;
}

/// What a call said about rows, and the block if they lead to it.
struct RebuildOutcome
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    std::uint32_t result = MOTE_SVID_INSUFFICIENT;
    std::unique_ptr<std::uint8_t[]> block;  ///< nullptr unless rebuilt
    std::size_t block_bytes = 0;            ///< 0 unless rebuilt

    [[nodiscard]] bool rebuilt() const noexcept
    {
        return status == MOTE_OK && result == MOTE_SVID_REBUILT;
    }
};

/// See mote_svid_reconstruct(). MOTE_INVALID_ARGUMENT also if there is no memory.
inline RebuildOutcome reconstruct(View header, const mote_svid_row* rows, std::size_t row_count)
{
    RebuildOutcome o;
    mote_svid_header_info info{};
    info.struct_size = sizeof info;
    o.status = mote_svid_header_describe(&info, header.data, header.bytes);
    std::size_t bytes = 0;
    if (o.status == MOTE_OK)
        o.status = mote_svid_reconstruct_size(&bytes, header.data, header.bytes);
    if (o.status != MOTE_OK)
        return o;
    // At most MOTE_SVID_BLOCK_BYTES_MAX; a byte more, so that an empty block has an address.
    const auto block_bytes = static_cast<std::size_t>(info.block_bytes);
    std::unique_ptr<std::uint8_t[]> block(new (std::nothrow) std::uint8_t[block_bytes + 1]);
    const detail::Memory memory(bytes);
    o.status = mote_svid_reconstruct(&o.result, block.get(), block_bytes, memory.data.get(), bytes,
                                     header.data, header.bytes, rows, row_count);
    if (!o.rebuilt())
        return o;
    o.block = std::move(block);
    o.block_bytes = block_bytes;
    return o;
}
}  // namespace mote

#endif  // MOTE_MOTE_SVID_HPP
