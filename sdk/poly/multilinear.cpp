#include "poly/multilinear.hpp"

#include "base/assert.hpp"
#include "poly/eq.hpp"
#include "poly/word_dot.hpp"

namespace mote::poly
{
Fr identity(Point r) noexcept
{
    Fr value;
    for (const Fr& x : r)
        value = value.twice() + x;
    return value;
}

Fr product(std::span<const Fr> values) noexcept
{
    Fr result = Fr::one();
    for (const Fr& value : values)
        result *= value;
    return result;
}

Fr product_of_complements(Point r) noexcept
{
    Fr result = Fr::one();
    for (const Fr& x : r)
        result -= result * x;
    return result;
}

Fr fold(const Fr& gamma, std::span<const Fr> values) noexcept
{
    Fr result;
    for (std::size_t i = values.size(); i-- > 0;)
        result = result * gamma + values[i];
    return result;
}

void powers(const Fr& base, std::span<Fr> out) noexcept
{
    Fr power = Fr::one();
    for (Fr& x : out)
    {
        x = power;
        power *= base;
    }
}

SparseEvaluator::SparseEvaluator(Point r, Fr* table, std::uint32_t table_bits) noexcept
    : r_(r),
      table_(table),
      low_bits_(table_bits < r.size() ? table_bits : static_cast<std::uint32_t>(r.size()))
{
    MOTE_ASSERT(r.size() <= 64 && low_bits_ < 32);
    eq_table(r.last(low_bits_), table);
}

template <class WordAt>
void SparseEvaluator::add_segment(std::uint64_t start, std::size_t count, WordAt word_at) noexcept
{
    const Point high = r_.first(r_.size() - low_bits_);
    const std::uint64_t block_words = std::uint64_t{1} << low_bits_;
    std::size_t done = 0;
    while (done < count)
    {
        const std::uint64_t position = start + done;
        const std::uint64_t offset = position & (block_words - 1);
        const std::uint64_t room = block_words - offset;
        const std::size_t here =
            count - done < room ? count - done : static_cast<std::size_t>(room);
        WordDot sum;
        for (std::size_t i = 0; i < here; ++i)
            sum.add(table_[offset + i], word_at(done + i));
        scaled_sum_ += sum.scaled() * eq_index(high, position >> low_bits_);
        done += here;
    }
}

void SparseEvaluator::add_words(std::uint64_t start, const std::uint64_t* words,
                                std::size_t count) noexcept
{
    add_segment(start, count, [words](std::size_t i) { return words[i]; });
}

void SparseEvaluator::add_bytes(std::uint64_t start, Bytes bytes) noexcept
{
    const std::size_t count = bytes.size() / 8 + (bytes.size() % 8 != 0 ? 1 : 0);
    add_segment(start, count,
                [bytes](std::size_t i)
                {
                    const std::uint8_t* p = bytes.data() + 8 * i;
                    const std::size_t left = bytes.size() - 8 * i;
                    if (left >= 8)
                        return load_le64(p);
                    std::uint64_t word = 0;
                    for (std::size_t b = left; b-- > 0;)
                        word = (word << 8) | p[b];
                    return word;
                });
}

Fr SparseEvaluator::value() const noexcept { return WordDot::descale(scaled_sum_); }
}  // namespace mote::poly
