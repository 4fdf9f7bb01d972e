#include "curve/gt.hpp"
#include "curve_support.hpp"
#include "hash/blake2b.hpp"

using namespace curve_test;
using namespace mote::curve;
using mote::field::less;

namespace
{
constexpr std::uint8_t seed[32] = {7, 1, 8, 2, 8};

/// Little-endian integers of any length, enough to name the order of the cyclotomic subgroup.
using Big = std::vector<std::uint32_t>;

Big big(const Limbs<4>& x)
{
    Big z;
    for (const std::uint64_t limb : x)
    {
        z.push_back(static_cast<std::uint32_t>(limb));
        z.push_back(static_cast<std::uint32_t>(limb >> 32));
    }
    return z;
}

Big times(const Big& a, const Big& b)
{
    Big z(a.size() + b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < b.size(); ++j)
        {
            carry += std::uint64_t{a[i]} * b[j] + z[i + j];
            z[i + j] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        z[i + b.size()] = static_cast<std::uint32_t>(carry);
    }
    return z;
}

/// p^4 - p^2 + 1 = p^2 (p^2 - 1) + 1.
Big cyclotomic_order()
{
    const Big pp = times(big(Fq::modulus), big(Fq::modulus));
    Big less_one = pp;
    REQUIRE((less_one[0] & 1) == 1);
    less_one[0] -= 1;
    Big z = times(pp, less_one);
    REQUIRE((z[0] & 1) == 0);
    z[0] += 1;
    return z;
}

/// Quotient by a divisor below 2^62, bit by bit; the remainder must be 0.
Big quotient(const Big& a, std::uint64_t divisor)
{
    Big z(a.size());
    std::uint64_t rest = 0;
    for (std::size_t i = 32 * a.size(); i-- > 0;)
    {
        rest = 2 * rest + ((a[i / 32] >> (i % 32)) & 1);
        if (rest >= divisor)
        {
            rest -= divisor;
            z[i / 32] |= std::uint32_t{1} << (i % 32);
        }
    }
    REQUIRE(rest == 0);
    return z;
}

Fq12 power_big(const Fq12& x, const Big& e)
{
    Fq12 result = Fq12::one();
    for (std::size_t i = 32 * e.size(); i-- > 0;)
    {
        result = result * result;
        if (((e[i / 32] >> (i % 32)) & 1) != 0)
            result = result * x;
    }
    return result;
}

constexpr std::uint64_t smallest_cofactor_prime = 493356762637;

/// An element of the smallest prime order that a cyclotomic intruder can have.
const Fq12& small_order()
{
    static const Fq12 x =
        power_big(Random(31).cyclotomic(), quotient(cyclotomic_order(), smallest_cofactor_prime));
    return x;
}

/// Members with known logarithms: exponents like Fibonacci numbers modulo r.
struct Members
{
    std::vector<Gt> elements;
    std::vector<Fr> logarithms;

    explicit Members(std::size_t count)
    {
        static const Fr a = Random(1).fr(), b = Random(2).fr();
        static const Gt ga{power_plain(gt_generator().value, a.to_integer())};
        static const Gt gb{power_plain(gt_generator().value, b.to_integer())};
        elements = {ga, gb};
        logarithms = {a, b};
        while (elements.size() < count)
        {
            elements.push_back(elements.end()[-1] * elements.end()[-2]);
            logarithms.push_back(logarithms.end()[-1] + logarithms.end()[-2]);
        }
        elements.resize(count);
        logarithms.resize(count);
    }
};

bool check(const std::vector<Gt>& elements, std::size_t& bad)
{
    Memory memory(gt_scratch_bytes(elements.size()));
    mote::Arena arena = memory.arena();
    const bool result = check_members(elements.data(), elements.size(), seed, arena, bad);
    CHECK(arena.used() == 0);
    CHECK(memory.guard_intact());
    return result;
}

Gt multi(const std::vector<Gt>& bases, const std::vector<Fr>& exponents)
{
    std::vector<const Gt*> pointers;
    for (const Gt& b : bases)
        pointers.push_back(&b);
    Memory memory(gt_scratch_bytes(bases.size()));
    mote::Arena arena = memory.arena();
    Gt out{small_order()};
    REQUIRE(multi_power(pointers.data(), exponents.data(), bases.size(), arena, out) ==
            mote::Status::ok);
    CHECK(arena.used() == 0);
    CHECK(memory.guard_intact());
    return out;
}

Fr edge_exponent(std::size_t i, Random& random)
{
    switch (i % 8)
    {
        case 1:
            return Fr::zero();
        case 3:
            return Fr::one();
        case 4:
            return -Fr::one();
        case 6:
            return Fr::one().half();
        default:
            return random.fr();
    }
}
}  // namespace

TEST_CASE("GT: the single test agrees with x^r = 1")
{
    Random random(3);
    const Fq12 member = power_plain(gt_generator().value, random.fr().to_integer());
    const Fq12 cyclotomic = random.cyclotomic();
    const Fq12 cases[] = {Fq12::one(),
                          member,
                          cyclotomic,
                          random.fq12(),
                          small_order(),
                          member * small_order(),
                          {-member.c0, -member.c1}};
    for (const Fq12& x : cases)
        CHECK(in_gt(x) == (power_plain(x, Fr::modulus) == Fq12::one()));
    CHECK(in_gt(member));
    CHECK(in_gt(Fq12::one()));
    CHECK(in_cyclotomic_subgroup(cyclotomic));
    CHECK(power_big(cyclotomic, cyclotomic_order()) == Fq12::one());
    CHECK_FALSE(in_gt(cyclotomic));
    CHECK_FALSE(in_cyclotomic_subgroup(random.fq12()));
    const Fq12 zero{Fq6::zero(), Fq6::zero()};
    CHECK_FALSE(in_cyclotomic_subgroup(zero));
    CHECK_FALSE(in_gt(zero));
    CHECK_FALSE(in_gt({-Fq6::one(), Fq6::zero()}));
    CHECK_FALSE(in_gt({random.fq6(), Fq6::zero()}));
    CHECK_FALSE(in_gt({Fq6::zero(), random.fq6()}));
    CHECK_FALSE(small_order() == Fq12::one());
    CHECK(in_cyclotomic_subgroup(small_order()));
    CHECK_FALSE(in_gt(small_order()));
}

TEST_CASE("GT: members pass together as they pass alone")
{
    for (const std::size_t count : std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 85})
    {
        Members members(count);
        std::size_t bad = 12345;
        CHECK(check(members.elements, bad));
        for (std::size_t i = 0; i < count; i += 3)
            members.elements[i] = Gt{};
        CHECK(check(members.elements, bad));
    }
}

TEST_CASE("GT: one intruder among members is found and named")
{
    Random random(4);
    const Fq12 zero{Fq6::zero(), Fq6::zero()};
    const Fq12 minus_one{-Fq6::one(), Fq6::zero()};
    const Fq12 off = random.fq12(), cyclotomic = random.cyclotomic();
    for (const std::size_t count : std::initializer_list<std::size_t>{1, 7, 8, 9, 85})
    {
        const Members members(count);
        for (const std::size_t position : {std::size_t{0}, count / 2, count - 1})
        {
            const Fq12& good = members.elements[position].value;
            std::vector<Fq12> intruders = {
                zero, minus_one, off, {-good.c0, -good.c1}, cyclotomic, good * small_order()};
            if (count == 85)
                intruders = {zero, cyclotomic, good * small_order()};
            for (const Fq12& intruder : intruders)
            {
                std::vector<Gt> elements = members.elements;
                elements[position].value = intruder;
                std::size_t bad = 12345;
                CHECK_FALSE(check(elements, bad));
                CHECK(bad == position);
            }
        }
    }
}

TEST_CASE("GT: two intruders whose plain product is a member do not cancel")
{
    Members members(12);
    members.elements[2].value = members.elements[2].value * small_order();
    members.elements[9].value = members.elements[9].value * small_order().conjugate();
    std::size_t bad = 0;
    CHECK_FALSE(check(members.elements, bad));
    CHECK(bad == 2);
}

TEST_CASE("GT: all four combinations count, and the seed decides which they are")
{
    // Intruders x_i s^(a_i), s of the smallest prime order q, with a_i chosen so that chosen
    // combinations come out as members: what an attacker could do who knew the coefficients.
    constexpr std::uint64_t q = smallest_cofactor_prime;
    const auto add = [](std::uint64_t a, std::uint64_t b) { return (a + b) % q; };
    const auto multiply = [&](std::uint64_t a, std::uint64_t b)
    {
        std::uint64_t z = 0;
        for (int i = 40; i-- > 0;)
        {
            z = add(z, z);
            if (((b >> i) & 1) != 0)
                z = add(z, a);
        }
        return z;
    };
    const auto invert = [&](std::uint64_t a)
    {
        std::uint64_t z = 1;
        for (int i = 40; i-- > 0;)
        {
            z = multiply(z, z);
            if ((((q - 2) >> i) & 1) != 0)
                z = multiply(z, a);
        }
        return z;
    };
    // The coefficient of element i in combination t: eight nibbles of Blake2b(seed, i), each less 8.
    const auto coefficient = [&](std::size_t t, std::size_t i)
    {
        std::uint8_t message[40], material[16];
        std::copy(seed, seed + 32, message);
        mote::store_le(message + 32, std::uint64_t{i});
        mote::hash::Blake2b h(sizeof material);
        h.update(mote::Bytes{message});
        h.finish(mote::MutableBytes{material});
        std::uint64_t sum = 0;
        for (std::size_t w = 8; w-- > 0;)
        {
            const std::size_t c = 8 * t + w;
            const std::uint64_t digit = (material[c / 2] >> (4 * (c % 2))) & 15u;
            sum = add(multiply(sum, 16), q - 8 + digit);
        }
        return sum;
    };
    constexpr std::size_t unknowns = 5, count = 10;
    // Solves sum_i coefficient(t, i) a_i = 0 for the combinations in `trials`, not all a_i zero.
    const auto solve = [&](std::vector<std::size_t> trials)
    {
        std::vector<std::vector<std::uint64_t>> rows;
        for (const std::size_t t : trials)
        {
            rows.emplace_back();
            for (std::size_t i = 0; i < unknowns; ++i)
                rows.back().push_back(coefficient(t, i));
        }
        // Gauss and Jordan; the first columns are pivots, which random numbers allow.
        for (std::size_t k = 0; k < rows.size(); ++k)
        {
            REQUIRE(rows[k][k] != 0);
            const std::uint64_t scale = invert(rows[k][k]);
            for (std::uint64_t& x : rows[k])
                x = multiply(x, scale);
            for (std::size_t j = 0; j < rows.size(); ++j)
                if (j != k)
                {
                    const std::uint64_t factor = q - rows[j][k];
                    for (std::size_t i = 0; i < unknowns; ++i)
                        rows[j][i] = add(rows[j][i], multiply(factor, rows[k][i]));
                }
        }
        std::vector<std::uint64_t> a(unknowns, 1);  // the free ones
        for (std::size_t k = 0; k < rows.size(); ++k)
        {
            a[k] = 0;
            for (std::size_t i = rows.size(); i < unknowns; ++i)
                a[k] = add(a[k], q - rows[k][i]);
        }
        return a;
    };
    const auto intruders = [&](const std::vector<std::uint64_t>& a)
    {
        Members members(count);
        for (std::size_t i = 0; i < unknowns; ++i)
            members.elements[i].value =
                members.elements[i].value * power_plain(small_order(), Limbs<1>{a[i]});
        return members.elements;
    };
    std::size_t bad = 0;
    for (std::size_t left_out = 0; left_out < 4; ++left_out)
    {
        std::vector<std::size_t> trials = {0, 1, 2, 3};
        trials.erase(trials.begin() + static_cast<std::ptrdiff_t>(left_out));
        CHECK_FALSE(check(intruders(solve(trials)), bad));
        CHECK(bad == 0);
    }
    // With all four satisfied the check is fooled, so the seed must not be known beforehand.
    const std::vector<Gt> fooling = intruders(solve({0, 1, 2, 3}));
    CHECK(check(fooling, bad));
    std::uint8_t other_seed[32];
    for (std::size_t byte = 0; byte < 32; ++byte)
    {
        std::copy(seed, seed + 32, other_seed);
        other_seed[byte] ^= 1;
        Memory memory(gt_scratch_bytes(count));
        mote::Arena arena = memory.arena();
        CHECK_FALSE(check_members(fooling.data(), count, other_seed, arena, bad));
    }
}

TEST_CASE("GT: membership without memory is slower, not different")
{
    Members members(9);
    mote::Arena nothing(nullptr, 0);
    std::size_t bad = 0;
    CHECK(check_members(members.elements.data(), 9, seed, nothing, bad));
    members.elements[8].value = small_order();
    CHECK_FALSE(check_members(members.elements.data(), 9, seed, nothing, bad));
    CHECK(bad == 8);
    CHECK(nothing.used() == 0);
}

TEST_CASE("GT: products of powers agree with square and multiply")
{
    Random random(5);
    for (const std::size_t count : std::initializer_list<std::size_t>{0, 1, 2, 5})
        for (std::size_t shift = 0; shift < 8; ++shift)
        {
            Members members(count);
            if (shift % 2 == 1 && count > 1)
                members.elements[shift % count] = Gt{};
            std::vector<Fr> exponents;
            Fq12 expected = Fq12::one();
            for (std::size_t i = 0; i < count; ++i)
            {
                exponents.push_back(edge_exponent(i + shift, random));
                expected =
                    expected * power_plain(members.elements[i].value, exponents[i].to_integer());
            }
            CHECK(multi(members.elements, exponents).value == expected);
        }
}

TEST_CASE("GT: many powers agree with their logarithms")
{
    Random random(6);
    for (const std::size_t count : std::initializer_list<std::size_t>{108, 300})
    {
        Members members(count);
        std::vector<Fr> exponents;
        Fr sum;
        for (std::size_t i = 0; i < count; ++i)
        {
            if (i % 17 == 5)
            {
                members.elements[i] = Gt{};
                members.logarithms[i] = Fr::zero();
            }
            exponents.push_back(edge_exponent(i, random));
            sum += exponents[i] * members.logarithms[i];
        }
        CHECK(multi(members.elements, exponents).value ==
              power_plain(gt_generator().value, sum.to_integer()));
    }
}

TEST_CASE("GT: equal bases, inverse bases and bases that are one")
{
    Random random(7);
    const Gt g = Members(1).elements[0];
    const Fr e = random.fr(), f = random.fr();
    CHECK(multi({g, g}, {e, f}) == power(g, e + f));
    CHECK(multi({g, g.inverse()}, {e, e}) == Gt{});
    CHECK(multi({g, g}, {e, -e}) == Gt{});
    CHECK(multi({Gt{}, Gt{}, Gt{}}, {e, f, Fr::one()}) == Gt{});
    CHECK(multi(std::vector<Gt>(40, g), std::vector<Fr>(40, e)) == power(g, Fr::from_u64(40) * e));
}

TEST_CASE("GT: one power agrees with square and multiply")
{
    Random random(8);
    const Gt g = Members(2).elements[1];
    std::vector<Fr> exponents = {Fr::zero(),       Fr::one(),       -Fr::one(),
                                 Fr::one().half(), Fr::from_u64(2), reduce_r(Fq::modulus)};
    for (int i = 0; i < 10; ++i)
        exponents.push_back(random.fr());
    for (const Fr& e : exponents)
    {
        CHECK(power(g, e).value == power_plain(g.value, e.to_integer()));
        CHECK(power(Gt{}, e) == Gt{});
    }
}

TEST_CASE("GT: scratch bytes are what is needed, less is refused")
{
    Random random(9);
    for (const std::size_t count : std::initializer_list<std::size_t>{1, 5, 9})
    {
        const Members members(count);
        std::vector<const Gt*> bases;
        std::vector<Fr> exponents;
        for (const Gt& g : members.elements)
        {
            bases.push_back(&g);
            exponents.push_back(random.fr());
        }
        const Gt before{small_order()};
        std::size_t bytes = gt_scratch_bytes(count), refused = 0;
        while (refused < 4)
        {
            Memory memory(bytes);
            mote::Arena arena = memory.arena();
            Gt out = before;
            const mote::Status status =
                multi_power(bases.data(), exponents.data(), count, arena, out);
            CHECK(arena.used() == 0);
            CHECK(memory.guard_intact());
            if (status == mote::Status::memory_too_small)
            {
                CHECK(out == before);
                ++refused;
            }
            else
            {
                CHECK(status == mote::Status::ok);
                CHECK(refused == 0);
                // What is not used is only what alignment may have cost.
                REQUIRE(gt_scratch_bytes(count) - bytes <= 8 * mote::Arena::alignment);
            }
            bytes -= 16;
        }
    }
}
