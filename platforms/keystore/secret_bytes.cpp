#include "keystore/secret_bytes.hpp"

#include <sodium.h>

#include <cstdlib>

namespace mote::keystore
{
void wipe_memory(void* memory, std::size_t bytes) noexcept { sodium_memzero(memory, bytes); }

bool equal_secrets(Bytes a, Bytes b) noexcept
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(MutableBytes out) noexcept
{
    if (sodium_init() < 0)
        std::abort();
    randombytes_buf(out.data(), out.size());
}

void SecretBytes::truncate(std::size_t bytes) noexcept
{
    if (bytes >= bytes_.size())
        return;
    wipe_memory(bytes_.data() + bytes, bytes_.size() - bytes);
    bytes_.resize(bytes);
}
}  // namespace mote::keystore
