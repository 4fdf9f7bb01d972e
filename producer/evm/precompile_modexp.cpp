#include <algorithm>
#include <cstring>
#include <limits>

#include "evm/crypto.hpp"
#include "evm/modexp.hpp"

namespace mote::evm
{
namespace
{
constexpr std::uint64_t length_max = std::uint64_t{1} << 32;  // more costs more than any gas
constexpr std::uint64_t expensive = std::numeric_limits<std::int64_t>::max();

/// a * b, or `expensive` if that is less.
[[nodiscard]] std::uint64_t product(std::uint64_t a, std::uint64_t b) noexcept
{
    const field::Product p = field::mul_wide(a, b);
    return p.hi != 0 || p.lo > expensive ? expensive : p.lo;
}

/// The 32 bytes at `offset`, zeros after the end.
[[nodiscard]] Word word_at(Bytes input, std::uint64_t offset) noexcept
{
    std::array<std::uint8_t, 32> bytes{};
    if (offset < input.size())
        std::memcpy(bytes.data(), input.data() + offset,
                    std::min<std::size_t>(32, input.size() - static_cast<std::size_t>(offset)));
    return load_word(bytes.data());
}

/// The cost of one product of numbers of `bytes` bytes.
[[nodiscard]] std::uint64_t product_cost(Fork fork, std::uint64_t bytes) noexcept
{
    const std::uint64_t words = (bytes + 7) / 8;
    if (fork >= Fork::osaka)
        return bytes <= 32 ? 16 : 2 * words * words;
    if (fork >= Fork::berlin)
        return words * words;
    if (bytes <= 64)
        return bytes * bytes;
    if (bytes <= 1024)
        return bytes * bytes / 4 + 96 * bytes - 3072;
    return product(bytes, bytes) / 16 + 480 * bytes - 199680;
}
}  // namespace

PrecompileResult run_modexp(Fork fork, Bytes input, std::int64_t gas, MutableBytes output) noexcept
{
    const Word lengths[3] = {word_at(input, 0), word_at(input, 32), word_at(input, 64)};
    const std::uint64_t base_bytes = lengths[0].saturated(), modulus_bytes = lengths[2].saturated();
    const std::uint64_t exponent_bytes = lengths[1].saturated();
    if (fork >= Fork::osaka && std::max({base_bytes, exponent_bytes, modulus_bytes}) > 1024)
        return {};  // EIP-7823
    if (base_bytes >= length_max || modulus_bytes >= length_max)
        return {};

    // The exponent's length in bits, of which those after the first 32 bytes count eight or sixteen each.
    Word head = word_at(input, 96 + base_bytes);
    if (exponent_bytes < 32)
        head = head >> static_cast<unsigned>(8 * (32 - exponent_bytes));
    const std::uint64_t bits = std::max(head.bit_length(), 1U) - 1;
    const std::uint64_t more = exponent_bytes > 32 ? exponent_bytes - 32 : 0;
    std::uint64_t steps = product(more, fork >= Fork::osaka ? 16 : 8);
    steps = std::max<std::uint64_t>(std::min(steps, expensive - bits) + bits, 1);
    const std::uint64_t one = product_cost(fork, std::max(base_bytes, modulus_bytes));
    std::uint64_t cost = product(one, steps);
    if (fork >= Fork::osaka)
        cost = std::max<std::uint64_t>(cost, 500);  // EIP-7883
    else if (fork >= Fork::berlin)
        cost = std::max<std::uint64_t>(cost / 3, 200);  // EIP-2565
    else
        cost /= 20;  // EIP-198
    if (cost > static_cast<std::uint64_t>(gas))
        return {};
    PrecompileResult result;
    result.good = true;
    result.gas = static_cast<std::int64_t>(cost);
    if (modulus_bytes == 0)
        return result;
    if (exponent_bytes >= length_max)
        return {};

    // Operands that reach beyond the input are put together, with their zeros, behind the result.
    const std::uint64_t all = base_bytes + exponent_bytes + modulus_bytes;
    if (modulus_bytes + all > output.size())
    {
        result.good = false;
        result.memory_ended = true;
        return result;
    }
    const Bytes there = input.size() > 96 ? input.subspan(96) : Bytes{};
    Bytes operands = there;
    if (there.size() < all)
    {
        const MutableBytes copy =
            output.subspan(static_cast<std::size_t>(modulus_bytes), static_cast<std::size_t>(all));
        std::fill(copy.begin(), copy.end(), std::uint8_t{0});
        std::copy(there.begin(), there.end(), copy.begin());
        operands = copy;
    }
    const auto base = static_cast<std::size_t>(base_bytes);
    const auto exponent = static_cast<std::size_t>(exponent_bytes);
    const auto modulus = static_cast<std::size_t>(modulus_bytes);
    crypto::power_mod(operands.first(base), operands.subspan(base, exponent),
                      operands.subspan(base + exponent, modulus), output.first(modulus));
    result.output_bytes = modulus;
    return result;
}
}  // namespace mote::evm
