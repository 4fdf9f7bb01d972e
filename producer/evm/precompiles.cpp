#include "evm/precompiles.hpp"

#include <algorithm>
#include <cstring>

#include "evm/crypto.hpp"
#include "evm/modexp.hpp"
#include "evm/precompile_list.hpp"
#include "evm/ripemd160.hpp"
#include "hash/sha256.hpp"

namespace mote::evm
{
namespace
{
// Price of k products for 1,000 of one, k = 1 .. 128 and beyond ([EIPS] 2537).
constexpr std::array<std::uint16_t, 128> discount_g1 = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665,
    661,  658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615,
    613,  611, 609, 608, 606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585,
    584,  582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563,
    562,  561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545,
    544,  543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529,
    528,  528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519};
constexpr std::array<std::uint16_t, 128> discount_g2 = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699,
    693,  688,  683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629,
    627,  624,  622, 620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592,
    590,  589,  587, 586, 584, 583, 582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567,
    566,  565,  563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548,
    547,  546,  545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533,
    532,  532,  531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524};

[[nodiscard]] std::int64_t sum_cost(std::size_t count, std::int64_t one,
                                    const std::array<std::uint16_t, 128>& discount) noexcept
{
    if (count == 0)
        return 0;
    const std::size_t row = std::min<std::size_t>(count, discount.size()) - 1;
    return static_cast<std::int64_t>(count) * one * discount[row] / 1000;
}

/// An address that signed, in 32 bytes; nothing if no key fits.
[[nodiscard]] std::size_t recover(Bytes input, std::uint8_t* output) noexcept
{
    std::array<std::uint8_t, 128> bytes{};
    std::copy_n(input.begin(), std::min(input.size(), bytes.size()), bytes.begin());
    const Word v = load_word(bytes.data() + 32);
    if (!v.fits_u64() || (v.limb[0] != 27 && v.limb[0] != 28))
        return 0;
    Hash hash;
    std::array<std::uint8_t, 64> signature;
    std::copy_n(bytes.begin(), 32, hash.begin());
    std::copy_n(bytes.begin() + 64, 64, signature.begin());
    Address address;
    if (!crypto::recover_address(hash, signature, static_cast<std::uint32_t>(v.limb[0] - 27),
                                 address))
        return 0;
    std::memset(output, 0, 12);
    std::copy_n(address.bytes.begin(), 20, output + 12);
    return 32;
}

[[nodiscard]] std::size_t check_p256(Bytes input, std::uint8_t* output) noexcept
{
    if (input.size() != 160)
        return 0;
    Hash hash;
    std::copy_n(input.begin(), 32, hash.begin());
    const std::uint8_t* const p = input.data();
    if (!crypto::verify_p256(hash, p + 32, p + 64, p + 96, p + 128))
        return 0;
    store_word(output, Word(1));
    return 32;
}
}  // namespace

std::uint32_t precompile_at(const Address& address, Fork fork) noexcept
{
    for (std::size_t i = 0; i < 18; ++i)
        if (address.bytes[i] != 0)
            return 0;
    const auto number = static_cast<std::uint32_t>(address.bytes[18] * 256 + address.bytes[19]);
    const std::uint32_t last = fork >= Fork::prague      ? 0x11
                               : fork >= Fork::cancun    ? 0x0a
                               : fork >= Fork::istanbul  ? 0x09
                               : fork >= Fork::byzantium ? 0x08
                                                         : 0x04;
    return number <= last || (number == 0x100 && fork >= Fork::osaka) ? number : 0;
}

PrecompileResult run_precompile(std::uint32_t number, Fork fork, Bytes input, std::int64_t gas,
                                MutableBytes output) noexcept
{
    const std::size_t bytes = input.size();
    const auto words = static_cast<std::int64_t>((bytes + 31) / 32);
    const bool istanbul = fork >= Fork::istanbul;
    const auto run = [&](std::int64_t cost, std::size_t output_bytes, auto function)
    {
        PrecompileResult result;
        if (cost > gas)
            return result;
        result.gas = cost;
        result.output_bytes = output_bytes;
        if (output.size() < std::max<std::size_t>(output_bytes, 1024))
            result.memory_ended = true;
        else
            result.good = function(input, output.data());
        return result;
    };
    // Some answer with nothing to an input that they refuse.
    const auto run_soft = [&](std::int64_t cost, auto function)
    {
        std::size_t written = 0;
        PrecompileResult result = run(cost, 32,
                                      [&](Bytes in, std::uint8_t* out)
                                      {
                                          written = function(in, out);
                                          return true;
                                      });
        result.output_bytes = written;
        return result;
    };

    switch (number)
    {
        case 0x01:
            return run_soft(3000, recover);
        case 0x02:
            return run(60 + 12 * words, 32,
                       [](Bytes in, std::uint8_t* out)
                       {
                           const Hash hash = hash::sha256(in);
                           std::copy(hash.begin(), hash.end(), out);
                           return true;
                       });
        case 0x03:
            return run(600 + 120 * words, 32,
                       [](Bytes in, std::uint8_t* out)
                       {
                           const auto hash = ripemd160(in);
                           std::memset(out, 0, 12);
                           std::copy(hash.begin(), hash.end(), out + 12);
                           return true;
                       });
        case 0x04:
            return run(15 + 3 * words, bytes,
                       [](Bytes in, std::uint8_t* out)
                       {
                           std::copy(in.begin(), in.end(), out);
                           return true;
                       });
        case 0x05:
            return run_modexp(fork, input, gas, output);
        case 0x06:
            return run(istanbul ? 150 : 500, 64, bn254_add);
        case 0x07:
            return run(istanbul ? 6000 : 40000, 64, bn254_multiply);
        case 0x08:
        {
            const auto pairs = static_cast<std::int64_t>(bytes / 192);
            return run(istanbul ? 45000 + 34000 * pairs : 100000 + 80000 * pairs, 32,
                       bn254_pairing);
        }
        case 0x09:
            if (bytes != 213 || input[212] > 1)
                return {};
            return run(load_be<std::uint32_t>(input.data()), 64, blake2_compress);
        case 0x0a:
            if (bytes != 192)
                return {};
            return run(50000, 64, kzg_point_evaluation);
        case 0x0b:
            return run(375, 128, bls_g1_add);
        case 0x0c:
            return run(sum_cost(bytes / 160, 12000, discount_g1), 128, bls_g1_sum);
        case 0x0d:
            return run(600, 256, bls_g2_add);
        case 0x0e:
            return run(sum_cost(bytes / 288, 22500, discount_g2), 256, bls_g2_sum);
        case 0x0f:
            return run(37700 + 32600 * static_cast<std::int64_t>(bytes / 384), 32, bls_pairing);
        case 0x10:
            return run(5500, 128, bls_map_g1);
        case 0x11:
            return run(23800, 256, bls_map_g2);
        case 0x100:
            return run_soft(6900, check_p256);
        default:
            return {};
    }
}
}  // namespace mote::evm
