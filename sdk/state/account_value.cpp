#include "state/account_value.hpp"

#include <cstring>

namespace mote::state
{
namespace
{
[[nodiscard]] Bytes without_zeros(Bytes number) noexcept
{
    std::size_t zeros = 0;
    while (zeros < number.size() && number[zeros] == 0)
        ++zeros;
    return number.subspan(zeros);
}

/// Right-aligned; false if the number is longer than `out` or begins with a zero.
template <std::size_t n>
[[nodiscard]] bool read_number(Bytes number, std::array<std::uint8_t, n>& out) noexcept
{
    if (number.size() > n || (!number.empty() && number[0] == 0))
        return false;
    out = {};
    if (!number.empty())
        std::memcpy(out.data() + n - number.size(), number.data(), number.size());
    return true;
}
}  // namespace

std::size_t encode(const AccountValue& account,
                   std::array<std::uint8_t, account_value_max>& out) noexcept
{
    std::array<std::uint8_t, 8> nonce_bytes;
    store_be(nonce_bytes.data(), account.nonce);
    const Bytes nonce = without_zeros(nonce_bytes), balance = without_zeros(account.balance);
    if (nonce.empty() && balance.empty() && !account.has_code)
        return 0;
    out[0] = static_cast<std::uint8_t>(nonce.size());
    out[1] = static_cast<std::uint8_t>(balance.size());
    std::size_t size = 2;
    const auto put = [&](Bytes part)
    {
        if (!part.empty())
            std::memcpy(out.data() + size, part.data(), part.size());
        size += part.size();
    };
    put(nonce);
    put(balance);
    if (account.has_code)
    {
        put(account.code_hash);
        put(account.code_root);
    }
    return size;
}

bool decode(Bytes value, AccountValue& out) noexcept
{
    out = {};
    if (value.size() < 2 || value[0] > 8 || value[1] > word_bytes)
        return false;
    const std::size_t nonce_bytes = value[0], balance_bytes = value[1];
    const std::size_t without_code = 2 + nonce_bytes + balance_bytes;
    out.has_code = value.size() == without_code + 64;
    if (!out.has_code && value.size() != without_code)
        return false;
    std::array<std::uint8_t, 8> nonce;
    if (!read_number(value.subspan(2, nonce_bytes), nonce) ||
        !read_number(value.subspan(2 + nonce_bytes, balance_bytes), out.balance))
        return false;
    out.nonce = load_be<std::uint64_t>(nonce.data());
    if (out.has_code)
    {
        std::memcpy(out.code_hash.data(), value.data() + without_code, 32);
        std::memcpy(out.code_root.data(), value.data() + without_code + 32, 32);
    }
    return out.has_code || without_code > 2;
}

Bytes encode_slot(const BigEndianWord& word) noexcept { return without_zeros(word); }

bool decode_slot(Bytes value, BigEndianWord& out) noexcept
{
    return !value.empty() && read_number(value, out);
}
}  // namespace mote::state
