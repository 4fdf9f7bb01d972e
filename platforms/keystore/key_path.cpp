#include "keystore/key_path.hpp"

#include <charconv>

#include "keystore/secret_bytes.hpp"

namespace mote::keystore
{
std::optional<std::vector<std::uint32_t>> parse_path(std::string_view path)
{
    if (!path.starts_with('m'))
        return std::nullopt;
    path.remove_prefix(1);
    std::vector<std::uint32_t> out;
    while (!path.empty())
    {
        if (path[0] != '/' || out.size() == path_depth_max)
            return std::nullopt;
        path.remove_prefix(1);
        std::uint32_t index = 0;
        const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), index);
        const auto length = static_cast<std::size_t>(end - path.data());
        if (error != std::errc() || (length > 1 && path[0] == '0'))
            return std::nullopt;
        path.remove_prefix(length);
        out.push_back(index);
    }
    return out;
}

bool derive_along(Bytes seed, std::string_view path, signature::SecretKey& key)
{
    key.clear();
    const auto indices = parse_path(path);
    if (!indices || key.derive_master(seed) != Status::ok)
        return false;
    for (const std::uint32_t index : *indices)
    {
        signature::SecretKey child;
        child.derive_child(key, index);
        SecretBytes bytes(signature::secret_key_bytes);
        const std::span<std::uint8_t, signature::secret_key_bytes> view(bytes.data(), bytes.size());
        child.store(view);
        if (key.load(view) != Status::ok)
            return false;
    }
    return true;
}
}  // namespace mote::keystore
