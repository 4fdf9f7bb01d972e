#include "evm/word.hpp"

#include <gmp.h>

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace mote::evm;

// The model is GMP's integers, cut to 256 bits.
namespace
{
struct Big
{
    mpz_t v;
    Big() { mpz_init(v); }
    explicit Big(const Word& w)
    {
        mpz_init(v);
        mpz_import(v, 4, -1, 8, 0, 0, w.limb.data());
    }
    ~Big() { mpz_clear(v); }
    Big(const Big&) = delete;
    Big& operator=(const Big&) = delete;

    [[nodiscard]] Word low() const
    {
        Big cut;
        mpz_fdiv_r_2exp(cut.v, v, 256);
        Word out;
        mpz_export(out.limb.data(), nullptr, -1, 8, 0, 0, cut.v);
        return out;
    }
};

/// The value as two's complement.
void make_signed(Big& x)
{
    if (mpz_tstbit(x.v, 255) == 0)
        return;
    Big two;
    mpz_setbit(two.v, 256);
    mpz_sub(x.v, x.v, two.v);
}

/// Random words with many limbs that are zero, all ones, or near a power of two.
std::vector<Word> interesting_words(std::size_t count)
{
    std::mt19937_64 random(7);
    std::vector<Word> out = {Word(0),
                             Word(1),
                             Word(2),
                             ~Word(0),
                             ~Word(0) - Word(1),
                             Word(1) << 255,
                             (Word(1) << 255) - Word(1),
                             Word(1) << 64,
                             (Word(1) << 128) - Word(1),
                             Word(1) << 192};
    while (out.size() < count)
    {
        Word w;
        for (std::uint64_t& limb : w.limb)
            switch (random() % 5)
            {
                case 0:
                    limb = 0;
                    break;
                case 1:
                    limb = ~std::uint64_t{0};
                    break;
                case 2:
                    limb = (std::uint64_t{1} << (random() % 64)) - random() % 3;
                    break;
                default:
                    limb = random() >> (random() % 64);
            }
        out.push_back(w);
    }
    return out;
}
}  // namespace

TEST_CASE("arithmetic of two words is GMP's modulo 2^256")
{
    const std::vector<Word> words = interesting_words(160);
    for (const Word& a : words)
        for (const Word& b : words)
        {
            const Big x(a), y(b);
            Big r, s;
            mpz_add(r.v, x.v, y.v);
            REQUIRE(a + b == r.low());
            bool carry = false;
            REQUIRE(add_overflow(a, b, carry) == r.low());
            REQUIRE(carry == (mpz_sizeinbase(r.v, 2) > 256));
            mpz_sub(r.v, x.v, y.v);
            REQUIRE(a - b == r.low());
            mpz_mul(r.v, x.v, y.v);
            REQUIRE(a * b == r.low());
            bool overflow = false;
            REQUIRE(multiply_overflow(a, b, overflow) == r.low());
            REQUIRE(overflow == (mpz_sizeinbase(r.v, 2) > 256));
            REQUIRE((a < b) == (mpz_cmp(x.v, y.v) < 0));
            const Quotient q = divide(a, b);
            if (b.is_zero())
            {
                REQUIRE((q.quotient.is_zero() && q.remainder.is_zero()));
                continue;
            }
            mpz_tdiv_qr(r.v, s.v, x.v, y.v);
            REQUIRE(q.quotient == r.low());
            REQUIRE(q.remainder == s.low());
        }
}

TEST_CASE("signed division rounds to zero and the remainder has the dividend's sign")
{
    const std::vector<Word> words = interesting_words(120);
    for (const Word& a : words)
        for (const Word& b : words)
        {
            Big x(a), y(b), r, s;
            make_signed(x);
            make_signed(y);
            REQUIRE(less_signed(a, b) == (mpz_cmp(x.v, y.v) < 0));
            const Quotient q = divide_signed(a, b);
            if (b.is_zero())
            {
                REQUIRE((q.quotient.is_zero() && q.remainder.is_zero()));
                continue;
            }
            mpz_tdiv_qr(r.v, s.v, x.v, y.v);
            REQUIRE(q.quotient == r.low());
            REQUIRE(q.remainder == s.low());
        }
}

TEST_CASE("addmod and mulmod keep all bits of what they reduce")
{
    const std::vector<Word> words = interesting_words(44);
    for (const Word& a : words)
        for (const Word& b : words)
            for (const Word& m : words)
            {
                if (m.is_zero())
                {
                    REQUIRE(add_mod(a, b, m).is_zero());
                    REQUIRE(multiply_mod(a, b, m).is_zero());
                    continue;
                }
                const Big x(a), y(b), z(m);
                Big r;
                mpz_add(r.v, x.v, y.v);
                mpz_mod(r.v, r.v, z.v);
                REQUIRE(add_mod(a, b, m) == r.low());
                mpz_mul(r.v, x.v, y.v);
                mpz_mod(r.v, r.v, z.v);
                REQUIRE(multiply_mod(a, b, m) == r.low());
            }
}

TEST_CASE("powers are GMP's modulo 2^256")
{
    Big two;
    mpz_setbit(two.v, 256);
    const std::vector<Word> words = interesting_words(30);
    for (const Word& a : words)
        for (const Word& e : words)
        {
            const Big x(a), y(e);
            Big r;
            mpz_powm(r.v, x.v, y.v, two.v);
            REQUIRE(power(a, e) == r.low());
        }
}

TEST_CASE("shifts and sign extension are GMP's, for every distance")
{
    for (const Word& a : interesting_words(40))
        for (unsigned n = 0; n <= 257; ++n)
        {
            Big x(a), r;
            mpz_mul_2exp(r.v, x.v, n);
            REQUIRE(a << n == r.low());
            mpz_fdiv_q_2exp(r.v, x.v, n);
            REQUIRE(a >> n == r.low());
            make_signed(x);
            mpz_fdiv_q_2exp(r.v, x.v, n);
            REQUIRE(shift_right_signed(a, n) == r.low());
            if (n < 31)
            {
                Big low;
                mpz_fdiv_r_2exp(low.v, Big(a).v, 8 * n + 8);
                if (mpz_tstbit(low.v, 8 * n + 7) != 0)
                {
                    Big unit;
                    mpz_setbit(unit.v, 8 * n + 8);
                    mpz_sub(low.v, low.v, unit.v);
                }
                REQUIRE(sign_extend(Word(n), a) == low.low());
            }
            else
                REQUIRE(sign_extend(Word(n), a) == a);
        }
    REQUIRE(sign_extend(Word(1) << 64, Word(0xff)) == Word(0xff));
}

TEST_CASE("bytes are big-endian, short strings are numbers too")
{
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < 32; ++i)
        bytes[i] = static_cast<std::uint8_t>(i + 1);
    const Word w = load_word(bytes.data());
    REQUIRE(w.limb[0] == 0x191a1b1c1d1e1f20);
    REQUIRE(w.limb[3] == 0x0102030405060708);
    std::array<std::uint8_t, 32> again;
    store_word(again.data(), w);
    REQUIRE(again == bytes);
    for (std::size_t n = 0; n <= 32; ++n)
        REQUIRE(word_from(mote::Bytes(bytes).last(n)) ==
                (n == 32
                     ? w
                     : w - ((w >> static_cast<unsigned>(8 * n)) << static_cast<unsigned>(8 * n))));
    REQUIRE(w.bit_length() == 249);
    REQUIRE(Word(0).bit_length() == 0);
}
