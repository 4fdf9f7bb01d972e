// Secrets decide no branch and no address: a run under valgrind with the secrets marked undefined.
//
// memcheck reports every jump and every load or store whose condition or address was made from
// undefined bits, however far away. The sources of the core are compiled into this program, without
// assertions, with the core's MOTE_DECLASSIFY mapped to memcheck's request (ctime_hooks.hpp).
//
//   secret_key_ctime           everything, no complaints
//   secret_key_ctime broken    a branch on a secret, so that the test can be seen to fail
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstring>

#include "signature/secret_key.hpp"

using namespace mote::signature;

namespace
{
template <class T>
void hide_from_valgrind(T& secret)
{
    VALGRIND_MAKE_MEM_UNDEFINED(&secret, sizeof secret);
}
template <class T>
void show_to_valgrind(T& result)
{
    VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
}
}  // namespace

int main(int argc, char** argv)
{
    if (RUNNING_ON_VALGRIND == 0)
    {
        std::puts("run it under valgrind");
        return 2;
    }
    std::uint8_t seed[32], bytes[32];
    for (std::size_t i = 0; i < sizeof seed; ++i)
        seed[i] = static_cast<std::uint8_t>(3 * i + 1);
    hide_from_valgrind(seed);
    if (argc > 1 && std::strcmp(argv[1], "broken") == 0 && (seed[0] & 1) != 0)
        std::puts("a branch on a secret");

    SecretKey master, child, loaded;
    if (master.derive_master(seed) != mote::Status::ok)
        return 3;
    child.derive_child(master, 7);
    child.store(bytes);
    if (loaded.load(bytes) != mote::Status::ok)
        return 4;
    const std::uint8_t message[3] = {1, 2, 3};
    PublicKey key = loaded.public_key();
    show_to_valgrind(key);
    Signature signature = loaded.sign(message);
    show_to_valgrind(signature);
    std::uint8_t out[signature_bytes];
    encode(signature, out);
    std::printf("%02x%02x %d\n", out[0], out[1], key.infinity ? 1 : 0);
    return 0;
}
