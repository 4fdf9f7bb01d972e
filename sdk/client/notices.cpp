#include "client/notices.hpp"

namespace mote::client
{
bool notices_hold(std::span<const chain::Notice> notices, const chain::Digest& notice_root) noexcept
{
    return chain::root_of(notices) == notice_root;
}

bool supports(const chain::Digest& version, std::uint64_t version_max) noexcept
{
    std::uint64_t number = 0;
    return chain::number_of({0, version}, number) && number <= version_max;
}

std::uint64_t first_unsupported_epoch(std::span<const chain::Notice> notices,
                                      std::uint64_t version_max) noexcept
{
    std::uint64_t first = UINT64_MAX;
    for (const chain::Notice& notice : notices)
        if (notice.kind == static_cast<std::uint8_t>(chain::NoticeKind::protocol) &&
            !supports(notice.value, version_max) && notice.activation_epoch < first)
            first = notice.activation_epoch;
    return first;
}
}  // namespace mote::client
