// mote_svid.h over the core. Compiled once per variant; MOTE_VARIANT is its name.
#include "abi/svid_core.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "svid/assignment.hpp"
#include "svid/check_header.hpp"
#include "svid/evidence.hpp"
#include "svid/reconstruct.hpp"
#include "svid/sampling.hpp"
#include "svid/share.hpp"

#define MOTE_CONCATENATE_(a, b) a##b
#define MOTE_CONCATENATE(a, b) MOTE_CONCATENATE_(a, b)
#define MOTE_STRING_(a) #a
#define MOTE_STRING(a) MOTE_STRING_(a)

struct mote_svid_epoch
{
    mote_svid_object object;
    mote::svid::ValidatorSet set;  // its stakes are copies, its keys are left out
    mote::svid::Assignment assignment;
    bool assigned;
};

struct mote_svid_share
{
    mote_svid_object object;
    mote::svid::ShareCheck check;
};

namespace
{
using mote::Arena;
using mote::Bytes;
using mote::Status;
using mote::svid::Digest;
using mote::svid::Fault;
using mote::svid::Header;
using mote::svid::HeaderBytes;
using mote::svid::Params;

static_assert(MOTE_SVID_HEADER_BYTES == mote::svid::header_bytes);
static_assert(MOTE_SVID_PUBLIC_KEY_BYTES == mote::svid::public_key_bytes);
static_assert(MOTE_SVID_BLOCK_BYTES_MAX == mote::svid::block_bytes_max);
static_assert(MOTE_SVID_SAMPLES_DEFAULT == mote::svid::sample_rows_default);
static_assert(MOTE_SVID_ENTROPY_BYTES == mote::svid::Entropy::extent);
static_assert(MOTE_SVID_E_FINGERPRINT == static_cast<unsigned>(Fault::fingerprint));
static_assert(MOTE_SVID_PROVISIONAL == static_cast<unsigned>(mote::svid::Outcome::provisional));
static_assert(MOTE_SVID_CONVICTS == static_cast<unsigned>(mote::svid::Finding::convicts));
static_assert(MOTE_SVID_MISMATCH == static_cast<unsigned>(mote::svid::Rebuilt::mismatch));

template <class T>
bool aligned(const T* memory, std::size_t alignment = alignof(T)) noexcept
{
    return reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
}

bool usable_memory(const void* memory) noexcept
{
    return memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % Arena::alignment == 0;
}

bool readable(const uint8_t* data, size_t bytes) noexcept { return data != nullptr || bytes == 0; }
bool readable(mote_span span) noexcept { return readable(span.data, span.bytes); }
Bytes bytes_of(mote_span span) noexcept { return {span.data, span.bytes}; }

/// Arrays of `count` elements that can exist at all.
template <class T>
bool readable_array(const T* data, size_t count) noexcept
{
    return (data != nullptr || count == 0) && aligned(data) && count <= SIZE_MAX / 4 / sizeof(T);
}

template <class T>
bool sized(const T* value) noexcept
{
    return value != nullptr && value->struct_size == sizeof(T);
}

template <class T>
void clear(T* out) noexcept
{
    *out = {};
    out->struct_size = sizeof(T);
}

Digest digest(const uint8_t* bytes) noexcept
{
    Digest out;
    std::memcpy(out.data(), bytes, out.size());
    return out;
}

HeaderBytes fixed(Bytes header) noexcept
{
    HeaderBytes out{};
    std::copy(header.begin(), header.end(), out.begin());
    return out;
}

void answer(const mote::svid::Verdict& verdict, mote_svid_verdict* out) noexcept
{
    if (out == nullptr)
        return;
    clear(out);
    out->outcome = static_cast<uint32_t>(verdict.outcome);
    out->step = verdict.step;
    out->fault = static_cast<uint32_t>(verdict.fault);
    out->row = verdict.row;
}

mote_status answer(Fault found, uint32_t* fault) noexcept
{
    if (fault != nullptr)
        *fault = static_cast<uint32_t>(found);
    return MOTE_OK;
}

// ------------------------------------------------------------------ epoch

std::size_t epoch_bytes(std::size_t count) noexcept
{
    Arena arena(nullptr, 0);
    static_cast<void>(arena.take<mote_svid_epoch>(1));
    static_cast<void>(arena.take<std::uint64_t>(count));
    static_cast<void>(arena.take<mote::svid::Assignment::Rank>(count));
    return arena.used();
}

mote_status epoch_size(size_t* size, size_t count)
{
    if (size == nullptr || count < mote::svid::validators_min || count > mote::svid::validators_max)
        return MOTE_INVALID_ARGUMENT;
    *size = epoch_bytes(count);
    return MOTE_OK;
}

mote_status epoch_open(mote_svid_epoch** out, void* memory, size_t memory_bytes,
                       const mote_svid_validators* validators, const mote_svid_core* core)
{
    std::uint64_t total = 0;
    if (out == nullptr || !usable_memory(memory) || !sized(validators) ||
        !readable_array(validators->stakes, validators->count) ||
        !readable(validators->public_keys, validators->public_keys_bytes) ||
        mote::svid::total_stake({validators->stakes, validators->count}, total) != Status::ok)
        return MOTE_INVALID_ARGUMENT;
    const bool assigned = validators->public_keys != nullptr;
    const Bytes keys(validators->public_keys, validators->public_keys_bytes);
    if (keys.size() !=
        (assigned ? std::size_t{validators->count} * mote::svid::public_key_bytes : 0))
        return MOTE_INVALID_ARGUMENT;

    if (memory_bytes < epoch_bytes(validators->count))
        return MOTE_MEMORY_TOO_SMALL;
    Arena arena(memory, memory_bytes);
    auto* const epoch = arena.take<mote_svid_epoch>(1);
    auto* const stakes = arena.take<std::uint64_t>(validators->count);
    new (epoch) mote_svid_epoch{{core}, {}, {}, assigned};
    std::copy_n(validators->stakes, validators->count, stakes);
    epoch->set = {digest(validators->seed), {stakes, validators->count}, keys};
    if (assigned)
        if (const Status status = epoch->assignment.open(epoch->set, arena); status != Status::ok)
            return static_cast<mote_status>(status);
    // The order is known; the keys stay the caller's.
    epoch->set.public_keys = {};
    *out = epoch;
    return MOTE_OK;
}

mote_status params_of(mote_svid_params* out, const mote_svid_epoch* epoch, uint64_t block_bytes)
{
    if (!sized(out) || epoch == nullptr)
        return MOTE_INVALID_ARGUMENT;
    clear(out);
    Params params;
    const Status status = derive(block_bytes, epoch->set.stakes, params);
    if (status != Status::ok)
        return static_cast<mote_status>(status);
    out->row_bytes = static_cast<uint32_t>(params.row_bytes());
    out->block_bytes = params.block_bytes;
    out->data_rows = params.data_rows;
    out->code_rows = params.code_rows;
    out->rows = params.rows;
    out->z_bytes = static_cast<uint32_t>(params.z_bytes());
    return MOTE_OK;
}

mote_status assigned_rows(mote_svid_range* out, const mote_svid_epoch* epoch, uint64_t block_bytes,
                          uint32_t zone, uint64_t height, uint32_t validator)
{
    if (!sized(out) || epoch == nullptr || !epoch->assigned ||
        validator >= epoch->set.stakes.size())
        return MOTE_INVALID_ARGUMENT;
    clear(out);
    Params params;
    const Status status = derive(block_bytes, epoch->set.stakes, params);
    if (status != Status::ok)
        return static_cast<mote_status>(status);
    Header header;
    header.zone = zone;
    header.height = height;
    header.data_rows = params.data_rows;
    header.rows = params.rows;
    const auto range = epoch->assignment.range(epoch->set, header, validator);
    out->first = range.first;
    out->count = range.count;
    return MOTE_OK;
}

mote_status header_describe(mote_svid_header_info* out, const uint8_t* header, size_t header_bytes)
{
    if (!sized(out) || !readable(header, header_bytes))
        return MOTE_INVALID_ARGUMENT;
    clear(out);
    Header h;
    Params params;
    if (!decode({header, header_bytes}, h) || params_of(h, params) != Status::ok)
        return MOTE_MALFORMED;
    out->zone = h.zone;
    out->height = h.height;
    out->epoch = h.epoch;
    out->block_bytes = h.block_bytes;
    out->data_rows = h.data_rows;
    out->rows = h.rows;
    out->row_bytes = static_cast<uint32_t>(params.row_bytes());
    const Digest root = mote::svid::svid_root(fixed({header, header_bytes}));
    const Digest announce = mote::svid::announce_digest(h.chain_id, root);
    const auto put = [](uint8_t* to, const Digest& from) { std::memcpy(to, from.data(), 32); };
    put(out->chain_id, h.chain_id);
    put(out->data_root, h.data_root);
    put(out->parity_root, h.parity_root);
    put(out->z_digest, h.z_digest);
    put(out->svid_root, root);
    put(out->announce_digest, announce);
    return MOTE_OK;
}

// ------------------------------------------------------------------ share

/// A request, a header and what is expected of it: all that opens a share.
struct Opening
{
    const mote_svid_epoch* epoch;
    const mote_svid_expected* expected;
    const mote_svid_request* request;
    Bytes header_bytes;

    [[nodiscard]] bool usable() const noexcept
    {
        if (epoch == nullptr || !sized(expected) || !sized(request) ||
            !readable(header_bytes.data(), header_bytes.size()) ||
            !readable_array(request->rows, request->row_count))
            return false;
        if (request->validator == MOTE_SVID_NO_VALIDATOR)
            return true;
        return epoch->assigned && request->validator < epoch->set.stakes.size() &&
               request->rows == nullptr && request->row_count == 0;
    }

    /// Steps 1 to 3, and how many rows are asked for.
    mote_status check(Header& header, Params& params, Fault& fault, std::size_t& rows,
                      mote::svid::AssignedRange& range) const noexcept
    {
        mote::svid::Expected known;
        known.chain_id = digest(expected->chain_id);
        known.zone = expected->zone;
        known.height = expected->height;
        known.epoch = expected->epoch;
        known.block_bytes_max = expected->block_bytes_max;
        known.stakes = epoch->set.stakes;
        known.svid_root = digest(expected->svid_root);
        const Status status = check_header(header_bytes, known, header, params, fault);
        if (status != Status::ok)
            return static_cast<mote_status>(status);
        if (fault != Fault::none)
            return MOTE_OK;
        rows = request->row_count;
        if (request->validator != MOTE_SVID_NO_VALIDATOR)
        {
            range = epoch->assignment.range(epoch->set, header, request->validator);
            rows = range.count;
        }
        return rows <= params.rows ? MOTE_OK : MOTE_INVALID_ARGUMENT;
    }
};

std::size_t share_bytes(const Params& params, std::size_t rows) noexcept
{
    Arena arena(nullptr, 0);
    static_cast<void>(arena.take<mote_svid_share>(1));
    static_cast<void>(arena.take<std::uint32_t>(rows));
    const std::size_t before =
        (arena.used() + Arena::alignment - 1) / Arena::alignment * Arena::alignment;
    return before + mote::svid::ShareCheck::memory_bytes(params, rows);
}

mote_status share_size(size_t* size, mote_svid_verdict* verdict, const mote_svid_epoch* epoch,
                       const mote_svid_expected* expected, const mote_svid_request* request,
                       const uint8_t* header, size_t header_bytes)
{
    const Opening opening{epoch, expected, request, {header, header_bytes}};
    if (size == nullptr || (verdict != nullptr && !sized(verdict)) || !opening.usable())
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    if (verdict != nullptr)
        clear(verdict);
    Header h;
    Params params;
    Fault fault = Fault::none;
    std::size_t rows = 0;
    mote::svid::AssignedRange range;
    const mote_status status = opening.check(h, params, fault, rows, range);
    if (status != MOTE_OK)
        return status;
    if (fault != Fault::none)
        answer(mote::svid::rejected(fault), verdict);
    else
    {
        *size = share_bytes(params, rows);
        answer({mote::svid::Outcome::incomplete, Fault::none, 3, 0}, verdict);
    }
    return MOTE_OK;
}

mote_status share_open(mote_svid_share** out, mote_svid_verdict* verdict, void* memory,
                       size_t memory_bytes, const mote_svid_epoch* epoch,
                       const mote_svid_expected* expected, const mote_svid_request* request,
                       const uint8_t* header, size_t header_bytes)
{
    const Opening opening{epoch, expected, request, {header, header_bytes}};
    if (out == nullptr || (verdict != nullptr && !sized(verdict)) || !opening.usable() ||
        (memory != nullptr && !usable_memory(memory)))
        return MOTE_INVALID_ARGUMENT;
    *out = nullptr;
    if (verdict != nullptr)
        clear(verdict);
    Header h;
    Params params;
    Fault fault = Fault::none;
    std::size_t count = 0;
    mote::svid::AssignedRange range;
    const mote_status status = opening.check(h, params, fault, count, range);
    if (status != MOTE_OK)
        return status;
    if (fault != Fault::none)
    {
        answer(mote::svid::rejected(fault), verdict);
        return MOTE_OK;
    }
    if (memory == nullptr)
        return MOTE_INVALID_ARGUMENT;
    Arena arena(memory, memory_bytes);
    auto* const share = arena.take<mote_svid_share>(1);
    auto* const rows = arena.take<std::uint32_t>(count);
    if (rows == nullptr)
        return MOTE_MEMORY_TOO_SMALL;
    if (request->validator == MOTE_SVID_NO_VALIDATOR)
        std::copy_n(request->rows, count, rows);
    else
    {
        // A range may wrap: what is behind N comes first.
        const std::uint32_t before = std::min(range.count, params.rows - range.first);
        const std::uint32_t wrapped = range.count - before;
        for (std::uint32_t i = 0; i < wrapped; ++i)
            rows[i] = i;
        for (std::uint32_t i = 0; i < before; ++i)
            rows[wrapped + i] = range.first + i;
    }
    new (share) mote_svid_share{{epoch->object.core}, {}};
    const Status opened =
        share->check.open(h, params, fixed(opening.header_bytes), {rows, count}, arena);
    if (opened != Status::ok)
        return static_cast<mote_status>(opened);
    share->check.begin_source();
    answer(share->check.verdict(), verdict);
    *out = share;
    return MOTE_OK;
}

mote_status share_begin_source(mote_svid_share* share)
{
    if (share == nullptr)
        return MOTE_INVALID_ARGUMENT;
    share->check.begin_source();
    return MOTE_OK;
}

mote_status share_append_z(uint32_t* fault, mote_svid_share* share, const uint8_t* z,
                           size_t z_bytes)
{
    if (share == nullptr || !readable(z, z_bytes))
        return MOTE_INVALID_ARGUMENT;
    return answer(share->check.append_z({z, z_bytes}), fault);
}

mote_status share_end_z(uint32_t* fault, mote_svid_share* share)
{
    return share != nullptr ? answer(share->check.end_z(), fault) : MOTE_INVALID_ARGUMENT;
}

mote_status share_begin_rows(uint32_t* fault, mote_svid_share* share, uint32_t first,
                             uint32_t count, uint64_t rows_bytes, const uint8_t* data_path,
                             size_t data_path_bytes, const uint8_t* parity_path,
                             size_t parity_path_bytes)
{
    if (share == nullptr || !readable(data_path, data_path_bytes) ||
        !readable(parity_path, parity_path_bytes))
        return MOTE_INVALID_ARGUMENT;
    return answer(share->check.begin_rows({first,
                                           count,
                                           rows_bytes,
                                           {data_path, data_path_bytes},
                                           {parity_path, parity_path_bytes}}),
                  fault);
}

mote_status share_append_rows(uint32_t* fault, mote_svid_share* share, const uint8_t* rows,
                              size_t rows_bytes)
{
    if (share == nullptr || !readable(rows, rows_bytes))
        return MOTE_INVALID_ARGUMENT;
    return answer(share->check.append_rows({rows, rows_bytes}), fault);
}

mote_status share_end_rows(uint32_t* fault, mote_svid_share* share)
{
    return share != nullptr ? answer(share->check.end_rows(), fault) : MOTE_INVALID_ARGUMENT;
}

mote_status share_verdict(mote_svid_verdict* out, const mote_svid_share* share)
{
    if (!sized(out) || share == nullptr)
        return MOTE_INVALID_ARGUMENT;
    answer(share->check.verdict(), out);
    return MOTE_OK;
}

mote_status share_holds(uint32_t* holds, const mote_svid_share* share, uint32_t row)
{
    if (holds == nullptr || share == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *holds = share->check.holds(row) ? 1 : 0;
    return MOTE_OK;
}

bool readable_message(const mote_svid_rows& message) noexcept
{
    return readable(message.rows) && readable(message.data_path) && readable(message.parity_path);
}

mote_status check_share(mote_svid_verdict* verdict, void* memory, size_t memory_bytes,
                        const mote_svid_epoch* epoch, const mote_svid_expected* expected,
                        const mote_svid_request* request, const uint8_t* header,
                        size_t header_bytes, const uint8_t* z, size_t z_bytes,
                        const mote_svid_rows* messages, size_t message_count)
{
    if (!sized(verdict))
        return MOTE_INVALID_ARGUMENT;
    clear(verdict);
    if (!readable(z, z_bytes) || !readable_array(messages, message_count) ||
        !std::all_of(messages, messages + message_count, readable_message))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_share* share = nullptr;
    const mote_status status = share_open(&share, verdict, memory, memory_bytes, epoch, expected,
                                          request, header, header_bytes);
    if (status != MOTE_OK || share == nullptr)
        return status;
    mote::svid::ShareCheck& check = share->check;
    if (z != nullptr)
    {
        static_cast<void>(check.append_z({z, z_bytes}));
        static_cast<void>(check.end_z());
    }
    for (size_t i = 0; i < message_count; ++i)
    {
        const mote_svid_rows& m = messages[i];
        static_cast<void>(check.begin_rows(
            {m.first, m.count, m.rows.bytes, bytes_of(m.data_path), bytes_of(m.parity_path)}));
        static_cast<void>(check.append_rows(bytes_of(m.rows)));
        static_cast<void>(check.end_rows());
    }
    answer(check.verdict(), verdict);
    return MOTE_OK;
}

// ------------------------------------------------------------------ sampling

mote_status sample_rows(uint32_t* rows, size_t row_count, uint32_t total_rows,
                        const uint8_t* entropy, size_t entropy_bytes)
{
    if (!readable_array(rows, row_count) || entropy == nullptr ||
        entropy_bytes != MOTE_SVID_ENTROPY_BYTES)
        return MOTE_INVALID_ARGUMENT;
    return static_cast<mote_status>(mote::svid::sample_rows(
        total_rows, mote::svid::Entropy(entropy, entropy_bytes), {rows, row_count}));
}

mote_status sample_bound(double* bound, uint32_t data_rows, uint32_t rows, uint32_t samples)
{
    if (bound == nullptr || !aligned(bound))
        return MOTE_INVALID_ARGUMENT;
    *bound = 1;
    if (data_rows > rows || (data_rows == 0 && rows != 0))
        return MOTE_INVALID_ARGUMENT;
    *bound = mote::svid::failure_bound(data_rows, rows, std::min(samples, rows));
    return MOTE_OK;
}

// ------------------------------------------------------------------ evidence

mote_status bad_row_size(size_t* size)
{
    if (size == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *size = mote::svid::bad_row_memory_bytes();
    return MOTE_OK;
}

mote_status check_bad_row(mote_svid_finding* out, void* memory, size_t memory_bytes,
                          const mote_svid_epoch* epoch, const uint8_t* chain_id,
                          const uint8_t* header, size_t header_bytes, const mote_svid_rows* message,
                          const uint8_t* z, size_t z_bytes)
{
    if (!sized(out))
        return MOTE_INVALID_ARGUMENT;
    clear(out);
    if (!usable_memory(memory) || epoch == nullptr || chain_id == nullptr ||
        !readable(header, header_bytes) || message == nullptr || !aligned(message) ||
        !readable_message(*message) || message->count != 1 || !readable(z, z_bytes))
        return MOTE_INVALID_ARGUMENT;
    if (memory_bytes < mote::svid::bad_row_memory_bytes())
        return MOTE_MEMORY_TOO_SMALL;
    Arena arena(memory, memory_bytes);
    mote::svid::BadRowFinding found;
    const Status status =
        mote::svid::check_bad_row({{header, header_bytes},
                                   message->first,
                                   bytes_of(message->rows),
                                   bytes_of(message->data_path),
                                   bytes_of(message->parity_path),
                                   {z, z_bytes}},
                                  digest(chain_id), epoch->set.stakes, arena, found);
    if (status != Status::ok)
        return static_cast<mote_status>(status);
    out->finding = static_cast<uint32_t>(found.finding);
    out->fault = static_cast<uint32_t>(found.fault);
    std::memcpy(out->svid_root, found.svid_root.data(), sizeof out->svid_root);
    std::memcpy(out->announce_digest, found.announce_digest.data(), sizeof out->announce_digest);
    return MOTE_OK;
}

mote_status equivocates(uint32_t* result, uint8_t* announces, const uint8_t* chain_id,
                        const uint8_t* first, size_t first_bytes, const uint8_t* second,
                        size_t second_bytes)
{
    if (result == nullptr || announces == nullptr || chain_id == nullptr ||
        !readable(first, first_bytes) || !readable(second, second_bytes))
        return MOTE_INVALID_ARGUMENT;
    std::array<Digest, 2> digests{};
    *result = mote::svid::equivocates({first, first_bytes}, {second, second_bytes},
                                      digest(chain_id), digests)
                  ? 1
                  : 0;
    std::memcpy(announces, digests[0].data(), 32);
    std::memcpy(announces + 32, digests[1].data(), 32);
    return MOTE_OK;
}

// ------------------------------------------------------------------ reconstruction

bool take_rows(Arena& arena, std::size_t count, mote::svid::HeldRow*& rows) noexcept
{
    rows = arena.take<mote::svid::HeldRow>(count);
    return rows != nullptr;
}

std::size_t reconstruct_bytes(const Params& params) noexcept
{
    Arena arena(nullptr, 0);
    mote::svid::HeldRow* rows = nullptr;
    static_cast<void>(take_rows(arena, params.rows, rows));
    const std::size_t before =
        (arena.used() + Arena::alignment - 1) / Arena::alignment * Arena::alignment;
    return before + mote::svid::reconstruct_memory_bytes(params);
}

mote_status reconstruct_size(size_t* size, const uint8_t* header, size_t header_bytes)
{
    if (size == nullptr || !readable(header, header_bytes))
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    Header h;
    Params params;
    if (!decode({header, header_bytes}, h) || params_of(h, params) != Status::ok)
        return MOTE_MALFORMED;
    *size = reconstruct_bytes(params);
    return MOTE_OK;
}

mote_status reconstruct(uint32_t* result, uint8_t* block, size_t block_bytes, void* memory,
                        size_t memory_bytes, const uint8_t* header, size_t header_bytes,
                        const mote_svid_row* rows, size_t row_count)
{
    if (result == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *result = MOTE_SVID_INSUFFICIENT;
    if (!readable(block, block_bytes) || !usable_memory(memory) ||
        !readable(header, header_bytes) || !readable_array(rows, row_count))
        return MOTE_INVALID_ARGUMENT;
    Header h;
    Params params;
    if (!decode({header, header_bytes}, h) || params_of(h, params) != Status::ok)
        return MOTE_MALFORMED;
    // More rows than there are: one is given twice.
    if (row_count > params.rows)
        return MOTE_INVALID_ARGUMENT;
    if (memory_bytes < reconstruct_bytes(params))
        return MOTE_MEMORY_TOO_SMALL;
    Arena arena(memory, memory_bytes);
    mote::svid::HeldRow* held = nullptr;
    static_cast<void>(take_rows(arena, params.rows, held));
    for (size_t i = 0; i < row_count; ++i)
    {
        if (!readable(rows[i].data))
            return MOTE_INVALID_ARGUMENT;
        new (held + i) mote::svid::HeldRow{rows[i].number, bytes_of(rows[i].data)};
    }
    mote::svid::Rebuilt rebuilt = mote::svid::Rebuilt::insufficient;
    const Status status =
        mote::svid::reconstruct(h, params, {held, row_count}, arena, {block, block_bytes}, rebuilt);
    if (status == Status::ok)
        *result = static_cast<uint32_t>(rebuilt);
    return static_cast<mote_status>(status);
}

constexpr mote_svid_core core_table = {
    MOTE_STRING(MOTE_VARIANT),
    epoch_size,
    epoch_open,
    params_of,
    assigned_rows,
    header_describe,
    share_size,
    share_open,
    share_begin_source,
    share_append_z,
    share_end_z,
    share_begin_rows,
    share_append_rows,
    share_end_rows,
    share_verdict,
    share_holds,
    check_share,
    sample_rows,
    sample_bound,
    bad_row_size,
    check_bad_row,
    equivocates,
    reconstruct_size,
    reconstruct,
};
}  // namespace

extern "C" const mote_svid_core* MOTE_CONCATENATE(mote_svid_core_, MOTE_VARIANT)(void)
{
    return &core_table;
}
