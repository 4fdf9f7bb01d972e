#include "json_values.hpp"

#include <algorithm>
#include <stdexcept>

namespace mote::evm_tool
{
namespace
{
struct ForkName
{
    const char* name;
    evm::Fork fork;
};
// The first name of each fork is the one that is printed.
constexpr ForkName fork_names[] = {
    {"Frontier", evm::Fork::frontier},
    {"Homestead", evm::Fork::homestead},
    {"EIP150", evm::Fork::tangerine_whistle},
    {"EIP158", evm::Fork::spurious_dragon},
    {"Byzantium", evm::Fork::byzantium},
    {"Constantinople", evm::Fork::constantinople},
    {"ConstantinopleFix", evm::Fork::petersburg},
    {"Istanbul", evm::Fork::istanbul},
    {"Berlin", evm::Fork::berlin},
    {"London", evm::Fork::london},
    {"Paris", evm::Fork::paris},
    {"Shanghai", evm::Fork::shanghai},
    {"Cancun", evm::Fork::cancun},
    {"Prague", evm::Fork::prague},
    {"Osaka", evm::Fork::osaka},
    {"TangerineWhistle", evm::Fork::tangerine_whistle},
    {"SpuriousDragon", evm::Fork::spurious_dragon},
    {"Petersburg", evm::Fork::petersburg},
    {"Merge", evm::Fork::paris},
};

[[nodiscard]] int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}
}  // namespace

std::vector<std::uint8_t> bytes_of(const std::string& text)
{
    std::string digits = text.starts_with("0x") ? text.substr(2) : text;
    if (digits.size() % 2 != 0)
        digits.insert(0, "0");
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < digits.size(); i += 2)
    {
        const int high = digit_of(digits[i]), low = digit_of(digits[i + 1]);
        if (high < 0 || low < 0)
            throw std::runtime_error("not hexadecimal: " + text.substr(0, 80));
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

evm::Word word_of(const Json& value)
{
    if (value.is_number_unsigned())
        return evm::Word(value.get<std::uint64_t>());
    std::vector<std::uint8_t> bytes = bytes_of(value.get<std::string>());
    const auto first =
        std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b != 0; });
    bytes.erase(bytes.begin(), first);
    if (bytes.size() > 32)
        throw std::runtime_error("above 2^256: " + value.get<std::string>().substr(0, 80));
    return evm::word_from(bytes);
}

std::uint64_t u64_of(const Json& value)
{
    const evm::Word word = word_of(value);
    if (!word.fits_u64())
        throw std::runtime_error("above 2^64: " + value.dump());
    return word.limb[0];
}

evm::Address address_of(const Json& value)
{
    const std::vector<std::uint8_t> bytes = bytes_of(value.get<std::string>());
    evm::Address out;
    if (bytes.size() != out.bytes.size())
        throw std::runtime_error("not an address: " + value.dump());
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

evm::Hash hash_of(const Json& value) { return evm::to_hash(word_of(value)); }

std::string hex_of(Bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string out = "0x";
    for (const std::uint8_t byte : bytes)
    {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string hex_of(const evm::Word& value)
{
    const std::string digits = hex_of(evm::to_hash(value)).substr(2);
    const std::size_t first = digits.find_first_not_of('0');
    return "0x" + (first == std::string::npos ? "0" : digits.substr(first));
}

std::optional<evm::Fork> fork_of(const std::string& name)
{
    const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
    std::string plain = name;
    plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
    for (const ForkName& known : fork_names)
        if (const std::string text = known.name;
            std::equal(plain.begin(), plain.end(), text.begin(), text.end(), same))
            return known.fork;
    return std::nullopt;
}

const char* name_of(evm::Fork fork)
{
    for (const ForkName& known : fork_names)
        if (known.fork == fork)
            return known.name;
    return "?";
}
}  // namespace mote::evm_tool
