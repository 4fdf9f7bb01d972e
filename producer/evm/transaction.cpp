#include "evm/transaction.hpp"

#include <algorithm>

#include "evm/crypto.hpp"
#include "evm/rlp.hpp"
#include "hash/keccak.hpp"

namespace mote::evm
{
namespace
{
/// Half the order of secp256k1, rounded down: the largest s of a signature since Homestead.
constexpr Word half_order{0x7fffffffffffffff, 0xffffffffffffffff, 0x5d576e7357a4501d,
                          0xdfe92f46681b20a0};

[[nodiscard]] bool read_recipient(RlpReader& reader, Transaction& out) noexcept
{
    Bytes to;
    if (!reader.next_bytes(to) || (!to.empty() && to.size() != 20))
        return false;
    out.creates = to.empty();
    std::copy(to.begin(), to.end(), out.to.bytes.begin());
    return true;
}

[[nodiscard]] std::size_t count_items(Bytes list) noexcept
{
    std::size_t n = 0;
    RlpItem item;
    for (RlpReader reader(list); !reader.at_end(); ++n)
        if (!reader.next(item))
            break;
    return n;
}

[[nodiscard]] bool read_access_list(RlpReader& reader, Arena& arena,
                                    std::span<const AccessEntry>& out) noexcept
{
    Bytes list;
    if (!reader.next_list(list))
        return false;
    const std::size_t count = count_items(list);
    auto* const entries = arena.take<AccessEntry>(count);
    if (entries == nullptr)
        return false;
    RlpReader items(list);
    for (std::size_t i = 0; i < count; ++i)
    {
        Bytes fields, keys;
        entries[i] = {};
        if (!items.next_list(fields))
            return false;
        RlpReader entry(fields);
        if (!entry.next_fixed(entries[i].address.bytes) || !entry.next_list(keys) ||
            !entry.at_end() || keys.size() % 33 != 0)
            return false;
        const std::size_t key_count = keys.size() / 33;
        Word* const words = arena.take<Word>(key_count);
        if (words == nullptr)
            return false;
        RlpReader key(keys);
        for (std::size_t k = 0; k < key_count; ++k)
        {
            Hash bytes;
            if (!key.next_fixed(bytes))
                return false;
            words[k] = to_word(bytes);
        }
        entries[i].keys = {words, key_count};
    }
    out = {entries, count};
    return items.at_end();
}

[[nodiscard]] bool read_blob_hashes(RlpReader& reader, Arena& arena,
                                    std::span<const Hash>& out) noexcept
{
    Bytes list;
    if (!reader.next_list(list) || list.size() % 33 != 0)
        return false;
    const std::size_t count = list.size() / 33;
    Hash* const hashes = arena.take<Hash>(count);
    if (hashes == nullptr)
        return false;
    RlpReader items(list);
    for (std::size_t i = 0; i < count; ++i)
        if (!items.next_fixed(hashes[i]))
            return false;
    out = {hashes, count};
    return true;
}

[[nodiscard]] bool read_authorizations(RlpReader& reader, Arena& arena,
                                       std::span<const Authorization>& out) noexcept
{
    Bytes list;
    if (!reader.next_list(list))
        return false;
    const std::size_t count = count_items(list);
    auto* const all = arena.take<Authorization>(count);
    if (all == nullptr)
        return false;
    RlpReader items(list);
    for (std::size_t i = 0; i < count; ++i)
    {
        Bytes fields;
        std::uint64_t parity = 0;
        all[i] = {};
        if (!items.next_list(fields))
            return false;
        RlpReader f(fields);
        if (!f.next_integer(all[i].chain_id) || !f.next_fixed(all[i].address.bytes) ||
            !f.next_integer(all[i].nonce) || !f.next_integer(parity) || parity > 255 ||
            !f.next_integer(all[i].r) || !f.next_integer(all[i].s) || !f.at_end())
            return false;
        all[i].parity = static_cast<std::uint8_t>(parity);
    }
    out = {all, count};
    return items.at_end();
}

/// keccak256(type || list header || the fields before the signature || more).
[[nodiscard]] Hash hash_for_signing(const std::uint8_t* type, Bytes fields, Bytes more) noexcept
{
    std::uint8_t header[9];
    hash::Keccak256 keccak;
    if (type != nullptr)
        keccak.update({type, 1});
    keccak.update({header, write_rlp_header(true, fields.size() + more.size(), header)});
    keccak.update(fields);
    keccak.update(more);
    Hash out;
    keccak.finish(out);
    return out;
}

[[nodiscard]] Refusal decode_legacy(Bytes payload, Transaction& out) noexcept
{
    RlpReader f(payload);
    Word v;
    if (!f.next_integer(out.nonce) || !f.next_integer(out.max_fee) ||
        !f.next_integer(out.gas_limit) || !read_recipient(f, out) || !f.next_integer(out.value) ||
        !f.next_bytes(out.data))
        return Refusal::malformed;
    const Bytes fields = payload.first(payload.size() - f.rest().size());
    if (!f.next_integer(v) || !f.next_integer(out.r) || !f.next_integer(out.s) || !f.at_end())
        return Refusal::malformed;
    out.max_priority_fee = out.max_fee;
    if (v == Word(27) || v == Word(28))
    {
        out.has_chain_id = false;
        out.parity = static_cast<std::uint8_t>(v.limb[0] - 27);
        out.signing_hash = hash_for_signing(nullptr, fields, {});
        return Refusal::none;
    }
    if (v < Word(35))
        return Refusal::signature_invalid;
    // v = 35 + 2 chain_id + parity (EIP-155).
    const Word shifted = v - Word(35);
    out.parity = static_cast<std::uint8_t>(shifted.limb[0] & 1);
    out.chain_id = shifted >> 1;
    std::uint8_t more[36];
    std::size_t n = write_rlp_integer(out.chain_id, more);
    more[n++] = 0x80;
    more[n++] = 0x80;
    out.signing_hash = hash_for_signing(nullptr, fields, {more, n});
    return Refusal::none;
}

[[nodiscard]] bool recover(const Hash& hash, const Word& r, const Word& s, std::uint32_t parity,
                           Address& out) noexcept
{
    std::array<std::uint8_t, 64> signature;
    store_word(signature.data(), r);
    store_word(signature.data() + 32, s);
    return crypto::recover_address(hash, signature, parity, out);
}
}  // namespace

Refusal decode(Bytes bytes, Arena& arena, Transaction& out) noexcept
{
    out = {};
    if (bytes.empty())
        return Refusal::malformed;
    Bytes payload;
    if (bytes[0] >= 0xc0)
    {
        RlpReader whole(bytes);
        if (!whole.next_list(payload) || !whole.at_end())
            return Refusal::malformed;
        return decode_legacy(payload, out);
    }
    if (bytes[0] == 0 || bytes[0] > 4)
        return bytes[0] < 0x80 ? Refusal::type_unsupported : Refusal::malformed;
    out.type = static_cast<TransactionType>(bytes[0]);
    RlpReader whole(bytes.subspan(1));
    if (!whole.next_list(payload) || !whole.at_end())
        return Refusal::malformed;
    RlpReader f(payload);
    if (!f.next_integer(out.chain_id) || !f.next_integer(out.nonce))
        return Refusal::malformed;
    if (out.type != TransactionType::access_list && !f.next_integer(out.max_priority_fee))
        return Refusal::malformed;
    if (!f.next_integer(out.max_fee) || !f.next_integer(out.gas_limit) || !read_recipient(f, out) ||
        !f.next_integer(out.value) || !f.next_bytes(out.data) ||
        !read_access_list(f, arena, out.access_list))
        return Refusal::malformed;
    if (out.type == TransactionType::access_list)
        out.max_priority_fee = out.max_fee;
    if (out.type == TransactionType::blob &&
        (!f.next_integer(out.max_blob_fee) || !read_blob_hashes(f, arena, out.blob_hashes)))
        return Refusal::malformed;
    if (out.type == TransactionType::set_code && !read_authorizations(f, arena, out.authorizations))
        return Refusal::malformed;
    const Bytes fields = payload.first(payload.size() - f.rest().size());
    std::uint64_t parity = 0;
    if (!f.next_integer(parity) || !f.next_integer(out.r) || !f.next_integer(out.s) || !f.at_end())
        return Refusal::malformed;
    if (parity > 1)
        return Refusal::signature_invalid;
    out.parity = static_cast<std::uint8_t>(parity);
    out.signing_hash = hash_for_signing(bytes.data(), fields, {});
    return Refusal::none;
}

Refusal recover_sender(const Transaction& transaction, Fork fork, Address& out) noexcept
{
    if (fork >= Fork::homestead && half_order < transaction.s)
        return Refusal::signature_invalid;
    // Before EIP-155 v is 27 or 28.
    if (transaction.type == TransactionType::legacy && transaction.has_chain_id &&
        fork < Fork::spurious_dragon)
        return Refusal::signature_invalid;
    return recover(transaction.signing_hash, transaction.r, transaction.s, transaction.parity, out)
               ? Refusal::none
               : Refusal::signature_invalid;
}

bool recover_authority(const Authorization& authorization, Address& out) noexcept
{
    if (authorization.parity > 1 || half_order < authorization.s)
        return false;
    // keccak256(0x05 || rlp([chain_id, address, nonce])) of EIP-7702.
    std::uint8_t fields[33 + 21 + 33];
    std::size_t n = write_rlp_integer(authorization.chain_id, fields);
    fields[n++] = 0x80 + 20;
    std::copy_n(authorization.address.bytes.begin(), 20, fields + n);
    n += 20;
    n += write_rlp_integer(Word(authorization.nonce), fields + n);
    const std::uint8_t magic = 0x05;
    return recover(hash_for_signing(&magic, {fields, n}, {}), authorization.r, authorization.s,
                   authorization.parity, out);
}

namespace
{
struct RefusalText
{
    const char* name;
    const char* text;
};
constexpr RefusalText refusal_texts[] = {
#define MOTE_REFUSAL(name, text) {#name, text},
#include "evm/refusal_table.inc"
#undef MOTE_REFUSAL
};
}  // namespace

const char* name_of(Refusal refusal) noexcept
{
    return refusal_texts[static_cast<std::size_t>(refusal)].name;
}
const char* text_of(Refusal refusal) noexcept
{
    return refusal_texts[static_cast<std::size_t>(refusal)].text;
}
}  // namespace mote::evm
