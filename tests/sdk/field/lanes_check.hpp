// How lanes are tested, whatever their limbs: against the model at the bounds of their invariant, and
// against the scalar field over long walks.
//
// A Traits type says how a test sees inside:
//
//   L, Repr, lanes, limb_bits, top_bits, radix_bits
//   spread(Integer), gather(Repr), narrow(F), widen(Repr)
//   make(values), read(L), negate_where(L, flags)
#pragma once

#include <utility>

#include "field_support.hpp"

namespace field_test
{
template <class Params, class Traits>
struct LanesCheck
{
    using L = typename Traits::L;
    using M = Model<Params>;
    using Repr = typename Traits::Repr;
    using F = mote::field::PrimeField<Params, mote::field::Saturated>;
    using Values = std::vector<Integer>;
    static constexpr std::size_t lanes = Traits::lanes;

    const Integer bound = multiple_of_p<Params>(21, 10);
    const Integer radix = M::power_of_two(Traits::radix_bits);
    const Values values = edges<Params>(multiple_of_p<Params>(21, 10));

    static L make(const Values& x)
    {
        Repr narrow[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            narrow[l] = Traits::spread(x[l]);
        return Traits::make(narrow);
    }

    /// The values of all lanes, after the invariant was checked.
    Values read(const L& x) const
    {
        Values out(lanes);
        Repr narrow[lanes];
        std::uint64_t words[L::n][lanes];
        Traits::read(x, words);
        for (std::size_t l = 0; l < lanes; ++l)
        {
            for (std::size_t i = 0; i < L::n; ++i)
            {
                REQUIRE(words[i][l] >> (i + 1 < L::n ? Traits::limb_bits : Traits::top_bits) == 0);
                narrow[l][i] = static_cast<typename Repr::value_type>(words[i][l]);
            }
            out[l] = Traits::gather(narrow[l]);
            REQUIRE(M::below(out[l], bound));
        }
        return out;
    }

    void same(const L& result, const Values& expected) const
    {
        const Values out = read(result);
        for (std::size_t l = 0; l < lanes; ++l)
            REQUIRE(M::reduce(out[l]) == expected[l]);
    }

    template <class Function>
    static Values each(Function f)
    {
        Values z;
        for (std::size_t l = 0; l < lanes; ++l)
            z.push_back(f(l));
        return z;
    }

    void linear(const Values& a, const Values& b) const
    {
        const L x = make(a), y = make(b);
        const Values ra = each([&](std::size_t l) { return M::reduce(a[l]); });
        const Values rb = each([&](std::size_t l) { return M::reduce(b[l]); });
        same(x + y, each([&](std::size_t l) { return M::add(ra[l], rb[l]); }));
        same(x - y, each([&](std::size_t l) { return M::sub(ra[l], rb[l]); }));
        same(-x, each([&](std::size_t l) { return M::sub(Integer{}, ra[l]); }));
        same(x.twice(), each([&](std::size_t l) { return M::add(ra[l], ra[l]); }));
        const Integer nine{9};
        same(L::template times_minus<9>(x, y),
             each([&](std::size_t l) { return M::sub(M::mul(ra[l], nine), rb[l]); }));
        same(L::template times_plus<9>(x, y),
             each([&](std::size_t l) { return M::add(M::mul(ra[l], nine), rb[l]); }));
        bool flags[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            flags[l] = l % 2 == 1;
        same(Traits::negate_where(x, flags),
             each([&](std::size_t l) { return flags[l] ? M::sub(Integer{}, ra[l]) : ra[l]; }));
    }

    template <std::size_t Count, std::size_t... I>
    void dot(const std::vector<Values>& a, const std::vector<Values>& b,
             std::index_sequence<I...>) const
    {
        const L x[Count] = {make(a[I])...}, y[Count] = {make(b[I])...};
        const Values out = read(L::template dot<Count>({&x[I]...}, {&y[I]...}));
        for (std::size_t l = 0; l < lanes; ++l)
        {
            Integer sum{};
            for (std::size_t i = 0; i < Count; ++i)
                sum = M::add(sum, M::mul(M::reduce(a[i][l]), b[i][l]));
            REQUIRE(M::mul(M::reduce(out[l]), radix) == sum);
        }
    }
    void dots(const std::vector<Values>& a, const std::vector<Values>& b) const
    {
        dot<1>(a, b, std::make_index_sequence<1>{});
        dot<2>(a, b, std::make_index_sequence<2>{});
        dot<3>(a, b, std::make_index_sequence<3>{});
        dot<4>(a, b, std::make_index_sequence<4>{});
        dot<5>(a, b, std::make_index_sequence<5>{});
        dot<6>(a, b, std::make_index_sequence<6>{});
    }

    Integer pick(Random& random) const
    {
        return random() % 4 == 0 ? random.integer() : values[random() % values.size()];
    }

    void run(std::uint64_t seed) const
    {
        Random random(seed);
        // All pairs of edges, as many at a time as there are lanes.
        for (std::size_t i = 0; i < values.size(); ++i)
            for (std::size_t j = 0; j < values.size(); j += lanes)
                linear(Values(lanes, values[i]),
                       each([&](std::size_t l) { return values[(j + l) % values.size()]; }));
        const Values largest(lanes, M::minus(bound, Integer{1}));
        dots(std::vector<Values>(6, largest), std::vector<Values>(6, largest));
        for (int round = 0; round < 30; ++round)
        {
            std::vector<Values> a, b;
            for (int k = 0; k < 6; ++k)
            {
                a.push_back(each([&](std::size_t) { return pick(random); }));
                b.push_back(each([&](std::size_t) { return pick(random); }));
            }
            dots(a, b);
        }
    }

    /// Operations whose results are operands again, where a bound that creeps would be seen.
    void walk(std::uint64_t seed, int steps) const
    {
        Random random(seed);
        constexpr std::size_t registers = 5;
        L x[registers];
        F f[registers][lanes];
        for (std::size_t r = 0; r < registers; ++r)
        {
            const Values start = each([&](std::size_t) { return pick(random); });
            x[r] = make(start);
            for (std::size_t l = 0; l < lanes; ++l)
                f[r][l] = Traits::widen(Traits::spread(M::reduce(start[l])));
        }
        for (int step = 0; step < steps; ++step)
        {
            const std::size_t a = random() % registers, b = random() % registers,
                              to = random() % registers;
            const auto operation = random() % 8;
            const L xa = x[a], xb = x[b];
            switch (operation)
            {
                case 0:
                case 1:
                    x[to] = xa + xb;
                    break;
                case 2:
                case 3:
                    x[to] = xa - xb;
                    break;
                case 4:
                    x[to] = L::template times_plus<9>(xa, xb);
                    break;
                case 5:
                    x[to] = L::template times_minus<9>(xa, xb);
                    break;
                case 6:
                    x[to] = -xa;
                    break;
                default:
                    x[to] = xa * xb;
            }
            const Values out = read(x[to]);
            for (std::size_t l = 0; l < lanes; ++l)
            {
                const F fa = f[a][l], fb = f[b][l];
                f[to][l] = operation <= 1   ? fa + fb
                           : operation <= 3 ? fa - fb
                           : operation == 4 ? F::from_u64(9) * fa + fb
                           : operation == 5 ? F::from_u64(9) * fa - fb
                           : operation == 6 ? -fa
                                            : fa * fb;
                REQUIRE(Traits::widen(Traits::spread(out[l])) == f[to][l]);
                REQUIRE(Traits::gather(Traits::narrow(f[to][l])) == M::reduce(out[l]));
            }
        }
    }

    /// One operation again and again: the bounds of a linear operation rest on its own results.
    void creep() const
    {
        const L top = make(Values(lanes, M::minus(bound, Integer{1})));
        L sum = top, difference = top, nine_plus = top, nine_minus = top, negative = top;
        for (int i = 0; i < 3000; ++i)
        {
            sum = sum + top;
            difference = difference - top;
            nine_plus = L::template times_plus<9>(nine_plus, top);
            nine_minus = L::template times_minus<9>(nine_minus, top);
            negative = -negative;
            for (const L& x : {sum, difference, nine_plus, nine_minus, negative})
                static_cast<void>(read(x));
        }
    }
};
}  // namespace field_test
