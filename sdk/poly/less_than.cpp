#include "poly/less_than.hpp"

#include "base/assert.hpp"

namespace mote::poly
{
Fr less_than(Point x, Point r) noexcept
{
    MOTE_ASSERT(x.size() == r.size());
    // From the low end: a higher bit decides unless it is equal.
    Fr less;
    for (std::size_t i = x.size(); i-- > 0;)
    {
        const Fr both = x[i] * r[i];
        const Fr below = r[i] - both;
        const Fr same = Fr::one() - below - (x[i] - both);
        less = below + same * less;
    }
    return less;
}

Fr less_than_constant(std::uint64_t bound, Point r) noexcept
{
    const std::size_t n = r.size();
    MOTE_ASSERT(n <= 64);
    if (n < 64 && bound >> n != 0)
        return Fr::one();
    Fr less;
    for (std::size_t position = 0; position < n; ++position)
    {
        const Fr& x = r[n - 1 - position];
        const Fr rest = x * less;
        if (((bound >> position) & 1) != 0)
            less = Fr::one() - x + rest;  // a 0 here is below, a 1 leaves it to the lower bits
        else
            less -= rest;  // a 1 here is above
    }
    return less;
}
}  // namespace mote::poly
