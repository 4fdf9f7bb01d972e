#include "svid/share.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "base/assert.hpp"
#include "coding/symbol_code.hpp"

namespace mote::svid
{
std::size_t ShareCheck::memory_bytes(const Params& params, std::size_t rows) noexcept
{
    Arena count(nullptr, 0);
    ShareCheck share;
    static_cast<void>(share.take_memory(params, rows, count));
    return count.used();
}

bool ShareCheck::take_memory(const Params& params, std::size_t rows, Arena& arena) noexcept
{
    challenge_ = arena.take<Challenge>(1);
    z_ = arena.take<std::uint8_t>(coding::symbols_bytes(params.code_rows));
    scratch_ = arena.take<std::uint8_t>(coding::evaluate_scratch(params.code_rows));
    rows_ = arena.take<Row>(rows);
    values_ = arena.take<hash::ChainingValue>(rows);
    fingerprints_ = arena.take<field::Gf2_128>(rows);
    return fingerprints_ != nullptr;
}

Status ShareCheck::open(const Header& header, const Params& params, const HeaderBytes& bytes,
                        std::span<const std::uint32_t> requested, Arena& arena) noexcept
{
    // Nothing of an earlier dispersal may count for this one.
    *this = ShareCheck();
    header_ = header;
    params_ = params;
    requested_count_ = static_cast<std::uint32_t>(requested.size());
    for (std::size_t i = 0; i < requested.size(); ++i)
        if (requested[i] >= params.rows || (i > 0 && requested[i] <= requested[i - 1]))
            return Status::invalid_argument;

    if (!take_memory(params, requested.size(), arena))
        return Status::memory_too_small;

    // In place: the tables are too large for the stack.
    new (challenge_) Challenge(challenge(bytes));
    for (std::size_t i = 0; i < requested.size(); ++i)
        rows_[i] = {{}, {}, requested[i], false, false};
    // An empty block has its Z.
    z_verified_ = params.data_rows == 0 && header_.z_digest == hash::blake3({});
    return Status::ok;
}

Fault ShareCheck::fail(Fault fault) noexcept
{
    if (lowest_ == Fault::none || fault < lowest_)
        lowest_ = fault;
    return fault;
}

void ShareCheck::begin_source() noexcept
{
    lowest_ = Fault::none;
    message_ = Message::none;
    z_received_ = 0;
    z_hash_ = hash::Blake3();
    for (std::uint32_t i = 0; i < requested_count_; ++i)
        rows_[i].seen = false;
}

Fault ShareCheck::append_z(Bytes part) noexcept
{
    if (part.size() > params_.z_bytes() - z_received_)
        return drop_z();
    if (z_verified_)
    {
        z_received_ += part.size();
        return Fault::none;
    }
    z_hash_.update(part);
    while (!part.empty())
    {
        // To the end of a word, low or high.
        const std::size_t in_word = z_received_ % 8;
        const bool high = z_received_ % fingerprint_bytes >= 8;
        std::uint8_t* const word =
            z_ + coding::symbol_at(z_received_ / fingerprint_bytes) + (high ? 64 : 0);
        const std::size_t taken = std::min(part.size(), 8 - in_word);
        std::memcpy(word + in_word, part.data(), taken);
        z_received_ += taken;
        part = part.subspan(taken);
    }
    if (z_received_ < params_.z_bytes())
        return Fault::none;

    Digest digest;
    z_hash_.finish(digest);
    if (digest != header_.z_digest)
        return drop_z();
    z_verified_ = true;
    compute_expected();
    return Fault::none;
}

Fault ShareCheck::drop_z() noexcept
{
    z_received_ = 0;
    z_hash_ = hash::Blake3();
    return fail(Fault::z);
}

Fault ShareCheck::end_z() noexcept
{
    return z_received_ == params_.z_bytes() ? Fault::none : drop_z();
}

void ShareCheck::compute_expected() noexcept
{
    std::uint32_t slot = 0;
    for (; slot < requested_count_ && rows_[slot].number < params_.data_rows; ++slot)
        rows_[slot].expected = coding::load_symbols(z_, rows_[slot].number);
    for (std::uint32_t r = params_.data_rows; r < params_.code_rows; ++r)
        coding::store_symbols(z_, r, {});
    coding::interpolate(z_, params_.code_rows);
    while (slot < requested_count_)
    {
        // Neighbours share most of the way down.
        std::uint32_t run = 1;
        while (slot + run < requested_count_ &&
               rows_[slot + run].number == rows_[slot].number + run)
            ++run;
        for (std::uint32_t done = 0; done < run;)
        {
            std::array<field::Gf2_128, 64> values;
            const auto part = std::min(run - done, static_cast<std::uint32_t>(values.size()));
            coding::evaluate(z_, params_.code_rows,
                             params_.code_rows + rows_[slot + done].number - params_.data_rows,
                             part, scratch_, values.data());
            for (std::uint32_t i = 0; i < part; ++i)
                rows_[slot + done + i].expected = values[i];
            done += part;
        }
        slot += run;
    }
    for (std::uint32_t i = 0; i < requested_count_; ++i)
        if (rows_[i].verified)
            compare(rows_[i]);
}

void ShareCheck::compare(Row& row) noexcept
{
    if (row.fingerprint == row.expected || condemned_)
        return;
    condemned_ = true;
    condemned_row_ = row.number;
}

/// The first requested row that is not below `number`.
const ShareCheck::Row* ShareCheck::find(std::uint32_t number) const noexcept
{
    const Row* const rows = rows_;
    return std::lower_bound(rows, rows + requested_count_, number,
                            [](const Row& row, std::uint32_t n) { return row.number < n; });
}

bool ShareCheck::holds(std::uint32_t number) const noexcept
{
    const Row* const row = find(number);
    return row != rows_ + requested_count_ && row->number == number && row->verified &&
           z_verified_ && row->fingerprint == row->expected;
}

Fault ShareCheck::check_shape(const RowsHead& head, std::uint32_t& slot) const noexcept
{
    if (head.count == 0 || head.first >= params_.rows || head.count > params_.rows - head.first)
        return Fault::row_shape;
    const Row* const end = rows_ + requested_count_;
    const Row* const found = find(head.first);
    if (head.count > static_cast<std::size_t>(end - found))
        return Fault::row_shape;
    std::uint64_t bytes = 0;
    for (std::uint32_t i = 0; i < head.count; ++i)
    {
        if (found[i].number != head.first + i || found[i].seen)
            return Fault::row_shape;
        bytes += params_.bytes_of_row(found[i].number);
    }
    slot = static_cast<std::uint32_t>(found - rows_);
    return bytes == head.bytes ? Fault::none : Fault::row_shape;
}

Fault ShareCheck::begin_rows(const RowsHead& head) noexcept
{
    message_ = Message::none;
    if (const Fault fault = check_shape(head, slot_); fault != Fault::none)
        return fail(fault);
    for (std::uint32_t i = 0; i < head.count; ++i)
        rows_[slot_ + i].seen = true;
    if (head.data_path.size() % 32 != 0 || head.parity_path.size() % 32 != 0 ||
        head.data_path.size() > data_path_.size() || head.parity_path.size() > parity_path_.size())
        return fail(Fault::path);
    head_ = head;
    if (!head.data_path.empty())
        std::memcpy(data_path_.data(), head.data_path.data(), head.data_path.size());
    if (!head.parity_path.empty())
        std::memcpy(parity_path_.data(), head.parity_path.data(), head.parity_path.size());
    head_.data_path = Bytes(data_path_).first(head.data_path.size());
    head_.parity_path = Bytes(parity_path_).first(head.parity_path.size());
    message_ = Message::arriving;
    done_ = 0;
    start_row();
    return Fault::none;
}

void ShareCheck::start_row() noexcept
{
    row_received_ = 0;
    row_hash_ = hash::Blake3Subtree(params_.first_chunk(head_.first + done_));
    row_fingerprint_ = Fingerprint();
}

Fault ShareCheck::append_rows(Bytes part) noexcept
{
    while (message_ == Message::arriving && !part.empty())
    {
        const std::size_t row_bytes = params_.bytes_of_row(head_.first + done_);
        const Bytes piece = part.first(std::min(part.size(), row_bytes - row_received_));
        row_hash_.update(piece);
        row_fingerprint_.update(*challenge_, piece);
        row_received_ += piece.size();
        part = part.subspan(piece.size());
        if (row_received_ < row_bytes)
            continue;
        finish_row();
        if (++done_ < head_.count)
        {
            start_row();
            continue;
        }
        message_ = Message::complete;
        if (!check_paths())
        {
            message_ = Message::none;
            return fail(Fault::path);
        }
        for (std::uint32_t i = 0; i < head_.count; ++i)
        {
            Row& row = rows_[slot_ + i];
            // A row that was here before is the same one: both lead to the same root.
            verified_ += row.verified ? 0 : 1;
            row.verified = true;
            row.fingerprint = fingerprints_[i];
            if (z_verified_)
                compare(row);
        }
    }
    // More than was announced.
    if (message_ == Message::complete && !part.empty())
        return fail(Fault::row_shape);
    return Fault::none;
}

Fault ShareCheck::end_rows() noexcept
{
    const bool cut_off = message_ == Message::arriving;
    message_ = Message::none;
    return cut_off ? fail(Fault::row_shape) : Fault::none;
}

void ShareCheck::finish_row() noexcept
{
    const std::uint32_t number = head_.first + done_;
    const bool alone =
        number < params_.data_rows ? params_.data_rows == 1 : params_.parity_rows() == 1;
    values_[done_] = alone ? row_hash_.root() : row_hash_.chaining_value();
    fingerprints_[done_] = row_fingerprint_.finish(*challenge_, params_.row_bytes());
}

bool ShareCheck::check_paths() const noexcept
{
    const std::uint32_t end = head_.first + head_.count;
    return check_tree(head_.first, std::min(end, params_.data_rows), 0, params_.data_rows,
                      head_.data_path, header_.data_root, 0) &&
           check_tree(std::max(head_.first, params_.data_rows), end, params_.data_rows,
                      params_.parity_rows(), head_.parity_path, header_.parity_root,
                      head_.first < params_.data_rows ? params_.data_rows - head_.first : 0);
}

/// The rows [first, end) of the tree whose first row has the number `base`.
bool ShareCheck::check_tree(std::uint32_t first, std::uint32_t end, std::uint32_t base,
                            std::uint32_t rows, Bytes path, const Digest& root,
                            std::uint32_t slot) const noexcept
{
    if (first >= end)
        return path.empty();
    Digest computed;
    return merkle::root_of_range({rows, first - base, end - first}, values_ + slot, path,
                                 computed) &&
           computed == root;
}

Verdict ShareCheck::verdict() const noexcept
{
    // No source can deliver another Z of an empty block, and no step of a source is below Z's.
    if (params_.data_rows == 0 && !z_verified_)
        return rejected(Fault::z);
    if (lowest_ != Fault::none)
        return rejected(lowest_);
    if (condemned_)
        return rejected(Fault::fingerprint, condemned_row_);
    if (!z_verified_)
        return {Outcome::incomplete, Fault::none, 3, 0};
    if (verified_ < requested_count_)
        return {Outcome::incomplete, Fault::none, 4, 0};
    return {Outcome::provisional, Fault::none, 7, 0};
}
}  // namespace mote::svid
