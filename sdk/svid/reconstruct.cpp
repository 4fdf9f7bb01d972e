#include "svid/reconstruct.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "coding/locator.hpp"
#include "coding/rebuild.hpp"
#include "coding/strips.hpp"
#include "hash/blake3.hpp"

namespace mote::svid
{
namespace
{
/// What one reconstruction keeps; all of it in the arena but the last three.
class Reconstruction
{
  public:
    explicit Reconstruction(const Params& params) noexcept : params_(params) {}

    /// Takes the memory of everything; false if it does not fit.
    bool take_memory(Arena& arena) noexcept
    {
        rows_ = arena.take<const std::uint8_t*>(params_.rows);
        padded_ = arena.take<std::uint8_t>(params_.row_bytes());
        if (params_.data_rows == 0)
            return padded_ != nullptr;
        const std::uint32_t points =
            coding::domain_points(params_.code_rows, params_.parity_rows());
        factors_ = arena.take<field::Gf65536>(points);
        missing_ = arena.take<std::uint8_t>(points);
        // The locator is gone before the rebuilder comes.
        mark_ = arena.used();
        static_cast<void>(coding::locate(nullptr, ceil_log2(points), nullptr, counting_));
        static_cast<void>(coding::Rebuilder(shape(), nullptr, nullptr, rebuilding_));
        return arena.take<std::uint8_t>(std::max(counting_.used(), rebuilding_.used())) != nullptr;
    }

    /// False for a row that cannot be one of these.
    bool place(std::span<const HeldRow> rows) noexcept
    {
        std::fill_n(rows_, params_.rows, nullptr);
        for (const HeldRow& row : rows)
        {
            if (row.number >= params_.rows || rows_[row.number] != nullptr ||
                row.bytes.size() != params_.bytes_of_row(row.number))
                return false;
            rows_[row.number] = row.bytes.data();
            // The last data row is extended with zeros for coding.
            if (row.bytes.size() < params_.row_bytes())
            {
                std::memcpy(padded_, row.bytes.data(), row.bytes.size());
                std::memset(padded_ + row.bytes.size(), 0, params_.row_bytes() - row.bytes.size());
                rows_[row.number] = padded_;
            }
        }
        return true;
    }

    /// One attempt with the rows that are there; at least k are.
    void decode(MutableBytes block, Arena& arena) noexcept
    {
        block_ = block;
        bool all = true;
        for (std::uint32_t r = 0; r < params_.data_rows; ++r)
        {
            if (rows_[r] != nullptr)
                std::memcpy(block.data() + (std::size_t{r} << params_.row_log2), rows_[r],
                            params_.bytes_of_row(r));
            all = all && rows_[r] != nullptr;
        }
        if (all)
            return;
        const std::uint32_t points =
            coding::domain_points(params_.code_rows, params_.parity_rows());
        for (std::uint32_t i = 0; i < points; ++i)
            missing_[i] = is_zero(i) || row_of(i) != nullptr ? 0 : 1;
        arena.release_to(mark_);
        // take_memory made sure that both fit.
        static_cast<void>(coding::locate(missing_, ceil_log2(points), factors_, arena));
        arena.release_to(mark_);
        const coding::Rebuilder rebuilder(shape(), factors_, missing_, arena);
        const coding::RebuildIo io = {this, show, keep};
        for (std::size_t column = 0; column < params_.row_bytes(); column += coding::tile_bytes)
            rebuilder.rebuild(io, column);
    }

    const std::uint8_t*& row(std::uint32_t number) noexcept { return rows_[number]; }

  private:
    [[nodiscard]] coding::CodeShape shape() const noexcept
    {
        return {params_.data_rows, params_.code_rows, params_.parity_rows()};
    }
    /// Rows k to K - 1 are zeros that everybody knows.
    [[nodiscard]] bool is_zero(std::uint32_t point) const noexcept
    {
        return point >= params_.data_rows && point < params_.code_rows;
    }
    [[nodiscard]] const std::uint8_t* row_of(std::uint32_t point) const noexcept
    {
        if (point < params_.data_rows)
            return rows_[point];
        if (point < params_.code_rows || point - params_.code_rows >= params_.parity_rows())
            return nullptr;
        return rows_[params_.data_rows + point - params_.code_rows];
    }
    static const std::uint8_t* show(void* context, std::uint32_t point, std::size_t column)
    {
        const std::uint8_t* const row = static_cast<const Reconstruction*>(context)->row_of(point);
        return row == nullptr ? nullptr : row + column;
    }
    static void keep(void* context, std::uint32_t row, std::size_t column,
                     const std::uint8_t* strip)
    {
        const auto& self = *static_cast<const Reconstruction*>(context);
        const std::size_t end = self.params_.bytes_of_row(row);
        if (column < end)
            std::memcpy(self.block_.data() + (std::size_t{row} << self.params_.row_log2) + column,
                        strip, std::min(coding::strip_bytes, end - column));
    }

    const Params& params_;
    const std::uint8_t** rows_ = nullptr;  // N; null where one is missing
    std::uint8_t* padded_ = nullptr;
    field::Gf65536* factors_ = nullptr;
    std::uint8_t* missing_ = nullptr;
    Arena counting_{nullptr, 0}, rebuilding_{nullptr, 0};
    std::size_t mark_ = 0;
    MutableBytes block_;
};
}  // namespace

Status params_of(const Header& header, Params& out) noexcept
{
    if (derive(header.block_bytes, out) != Status::ok || header.row_log2 != out.row_log2 ||
        header.data_rows != out.data_rows || header.rows < out.data_rows ||
        (out.data_rows == 0 && header.rows != 0) ||
        header.rows - out.data_rows > code_points_max - out.code_rows)
        return Status::malformed;
    out.rows = header.rows;
    return Status::ok;
}

std::size_t reconstruct_memory_bytes(const Params& params) noexcept
{
    Arena count(nullptr, 0);
    static_cast<void>(Reconstruction(params).take_memory(count));
    return count.used();
}

Status reconstruct(const Header& header, const Params& params, std::span<const HeldRow> rows,
                   Arena& arena, MutableBytes block, Rebuilt& result) noexcept
{
    result = Rebuilt::insufficient;
    if (block.size() < params.block_bytes)
        return Status::invalid_argument;
    block = block.first(static_cast<std::size_t>(params.block_bytes));
    std::fill(block.begin(), block.end(), std::uint8_t{0});
    Reconstruction work(params);
    if (!work.take_memory(arena))
        return Status::memory_too_small;
    if (!work.place(rows))
        return Status::invalid_argument;
    if (rows.size() < params.data_rows)
        return Status::ok;

    work.decode(block, arena);
    bool good = hash::blake3(block) == header.data_root;
    // All rows are used, so one wrong row spoils the first attempt.
    for (std::size_t i = 0; !good && rows.size() > params.data_rows && i < rows.size(); ++i)
    {
        const std::uint8_t* const left_out = std::exchange(work.row(rows[i].number), nullptr);
        work.decode(block, arena);
        good = hash::blake3(block) == header.data_root;
        work.row(rows[i].number) = left_out;
    }
    result = good ? Rebuilt::block : Rebuilt::mismatch;
    if (!good)
        std::fill(block.begin(), block.end(), std::uint8_t{0});
    return Status::ok;
}
}  // namespace mote::svid
