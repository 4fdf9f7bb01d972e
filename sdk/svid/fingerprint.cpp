#include "svid/fingerprint.hpp"

#include <algorithm>
#include <cstring>

namespace mote::svid
{
void Fingerprint::update(const Challenge& challenge, Bytes part) noexcept
{
    constexpr std::size_t step_bytes = Chains::step_bytes;
    while (!part.empty())
    {
        const std::size_t buffered = bytes_ % step_bytes;
        if (buffered == 0 && part.size() >= step_bytes)
        {
            const std::size_t count = part.size() / step_bytes;
            challenge.chains.steps(sums_, part.data(), count);
            bytes_ += count * step_bytes;
            part = part.subspan(count * step_bytes);
            continue;
        }
        const std::size_t taken = std::min(part.size(), step_bytes - buffered);
        std::memcpy(step_.data() + buffered, part.data(), taken);
        bytes_ += taken;
        part = part.subspan(taken);
        if (buffered + taken == step_bytes)
            challenge.chains.steps(sums_, step_.data(), 1);
    }
}

field::Gf2_128 Fingerprint::finish(const Challenge& challenge, std::size_t row_bytes) noexcept
{
    static_assert(1024 % Chains::step_bytes == 0);
    const std::array<std::uint8_t, Chains::step_bytes> zeros{};
    while (bytes_ < row_bytes)
    {
        const std::size_t missing = Chains::step_bytes - bytes_ % Chains::step_bytes;
        update(challenge, Bytes(zeros).first(std::min(missing, row_bytes - bytes_)));
    }
    field::Gf2_128 sum;
    for (const field::Gf2_128& chain : Chains::in_order(sums_))
        sum = challenge.rho.multiply(sum) ^ chain;
    return sum;
}

field::Gf2_128 fingerprint(const Challenge& challenge, Bytes row, std::size_t row_bytes) noexcept
{
    Fingerprint sum;
    sum.update(challenge, row);
    return sum.finish(challenge, row_bytes);
}
}  // namespace mote::svid
