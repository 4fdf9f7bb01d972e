#include "poly/eq.hpp"

#include "base/assert.hpp"

namespace mote::poly
{
namespace
{
// The four corners of one coordinate pair, from one product.
struct Pair
{
    Fr same;  // ab + (1-a)(1-b)
    Fr up;    // (1-a)b
    Fr down;  // a(1-b)
};

Pair pair(const Fr& a, const Fr& b) noexcept
{
    const Fr ab = a * b;
    const Fr up = b - ab, down = a - ab;
    return {Fr::one() - up - down, up, down};
}
}  // namespace

Fr eq(Point a, Point b) noexcept
{
    MOTE_ASSERT(a.size() == b.size());
    Fr result = Fr::one();
    for (std::size_t i = 0; i < a.size(); ++i)
        result *= pair(a[i], b[i]).same;
    return result;
}

Fr eq_index(Point r, std::uint64_t index) noexcept
{
    const std::size_t n = r.size();
    MOTE_ASSERT(n >= 64 || index >> n == 0);
    Fr result = Fr::one();
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t position = n - 1 - i;
        const bool bit = position < 64 && ((index >> position) & 1) != 0;
        result *= bit ? r[i] : Fr::one() - r[i];
    }
    return result;
}

void eq_table(Point r, Fr* out) noexcept
{
    out[0] = Fr::one();
    std::size_t filled = 1;
    for (const Fr& x : r)
    {
        // Entry j splits into 2j and 2j + 1; from the back, so that nothing is overwritten early.
        for (std::size_t j = filled; j-- > 0;)
        {
            const Fr entry = out[j];
            const Fr high = entry * x;
            out[2 * j + 1] = high;
            out[2 * j] = entry - high;
        }
        filled *= 2;
    }
}

Fr eq_plus_one(Point x, Point y) noexcept
{
    MOTE_ASSERT(x.size() == y.size());
    // From the low end: y = x + 1 holds with a carry still running (all x 1, all y 0), or the carry
    // has been absorbed by a 0 -> 1 and the rest is equal.
    Fr carrying = Fr::one(), absorbed;
    for (std::size_t i = x.size(); i-- > 0;)
    {
        const Pair p = pair(x[i], y[i]);
        absorbed = absorbed * p.same + carrying * p.up;
        carrying *= p.down;
    }
    return absorbed;
}

Fr shifted_eq(Point a, std::uint64_t shift, Point y) noexcept
{
    MOTE_ASSERT(y.size() <= a.size());
    // Addition of shift and j from the low end, once per possible carry; the sum's bits are compared
    // with a. The carry out of the top is dropped, which is the reduction mod 2^n.
    Fr carry0 = Fr::one(), carry1;
    for (std::size_t position = 0; position < a.size(); ++position)
    {
        const Fr& alpha = a[a.size() - 1 - position];
        const Fr beta = position < y.size() ? y[y.size() - 1 - position] : Fr::zero();
        // Pair(j bit, a bit): same: a = j; up: j = 0, a = 1; down: j = 1, a = 0.
        const Pair p = pair(beta, alpha);
        if (position < 64 && ((shift >> position) & 1) != 0)
        {
            // j + 1: 0 -> 1 without carry, 1 -> 0 with carry; j + 1 + 1: j with carry.
            const Fr next1 = carry0 * p.down + carry1 * p.same;
            carry0 = carry0 * p.up;
            carry1 = next1;
        }
        else
        {
            // j: j without carry; j + 1: 0 -> 1 without carry, 1 -> 0 with carry.
            const Fr next0 = carry0 * p.same + carry1 * p.up;
            carry1 = carry1 * p.down;
            carry0 = next0;
        }
    }
    return carry0 + carry1;
}
}  // namespace mote::poly
