#include "svid/header.hpp"

#include <algorithm>
#include <cstring>

#include "hash/blake3.hpp"

namespace mote::svid
{
namespace
{
constexpr std::array<std::uint8_t, 4> magic = {'S', 'V', 'D', '1'};
constexpr std::size_t reserved_at = 41, chain_id_at = 48;

void put(HeaderBytes& out, std::size_t at, const Digest& digest) noexcept
{
    std::memcpy(out.data() + at, digest.data(), digest.size());
}

void get(Bytes bytes, std::size_t at, Digest& digest) noexcept
{
    std::memcpy(digest.data(), bytes.data() + at, digest.size());
}
}  // namespace

HeaderBytes encode(const Header& header) noexcept
{
    HeaderBytes out{};
    std::memcpy(out.data(), magic.data(), magic.size());
    store_le(out.data() + 4, header.zone);
    store_le(out.data() + 8, header.height);
    store_le(out.data() + 16, header.epoch);
    store_le(out.data() + 24, header.block_bytes);
    store_le(out.data() + 32, header.data_rows);
    store_le(out.data() + 36, header.rows);
    out[40] = header.row_log2;
    put(out, chain_id_at, header.chain_id);
    put(out, chain_id_at + 32, header.data_root);
    put(out, chain_id_at + 64, header.parity_root);
    put(out, challenge_bytes, header.z_digest);
    return out;
}

bool decode(Bytes bytes, Header& out) noexcept
{
    out = {};
    if (bytes.size() != header_bytes || !equal_vartime(bytes.first(magic.size()), magic))
        return false;
    for (std::size_t i = reserved_at; i < chain_id_at; ++i)
        if (bytes[i] != 0)
            return false;
    out.zone = load_le32(bytes.data() + 4);
    out.height = load_le64(bytes.data() + 8);
    out.epoch = load_le64(bytes.data() + 16);
    out.block_bytes = load_le64(bytes.data() + 24);
    out.data_rows = load_le32(bytes.data() + 32);
    out.rows = load_le32(bytes.data() + 36);
    out.row_log2 = bytes[40];
    get(bytes, chain_id_at, out.chain_id);
    get(bytes, chain_id_at + 32, out.data_root);
    get(bytes, chain_id_at + 64, out.parity_root);
    get(bytes, challenge_bytes, out.z_digest);
    return true;
}

field::Gf2_128 challenge(const HeaderBytes& header) noexcept
{
    const Digest digest =
        hash::blake3_derive_key("mote svid challenge v1", Bytes(header).first(challenge_bytes));
    return field::Gf2_128::load(digest.data());
}

Digest svid_root(const HeaderBytes& header) noexcept
{
    return hash::blake3_derive_key("mote svid commitment v1", header);
}

Digest announce_digest(const Digest& chain_id, const Digest& root) noexcept
{
    std::array<std::uint8_t, 64> signed_bytes;
    std::memcpy(signed_bytes.data(), chain_id.data(), 32);
    std::memcpy(signed_bytes.data() + 32, root.data(), 32);
    return hash::blake3_derive_key("mote svid announce v1", signed_bytes);
}

bool empty_roots(const Header& header) noexcept
{
    return header.data_root == hash::blake3({}) && header.parity_root == Digest{};
}
}  // namespace mote::svid
