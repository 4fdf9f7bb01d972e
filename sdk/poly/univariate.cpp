#include "poly/univariate.hpp"

namespace mote::poly
{
Fr evaluate(std::span<const Fr> coefficients, const Fr& x) noexcept
{
    Fr value;
    for (std::size_t i = coefficients.size(); i-- > 0;)
        value = value * x + coefficients[i];
    return value;
}
}  // namespace mote::poly
