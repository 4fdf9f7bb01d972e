// mote_state.h over any bytes: what a wallet does with a proof, and a validator with a witness.
//
// The root that the bytes lead to is found first, so that what parses is also asked and applied. Besides
// the sanitizers it checks that statuses and verdicts agree, that values lie in the memory of the
// proof, that memory of exactly the promised size is enough, and that a witness applied twice leads to
// the same root.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "mote/mote_state.h"
#include "state/open.hpp"
#include "tools/aligned_memory.hpp"

namespace
{
using namespace mote;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

mote_state_verdict stale()
{
    mote_state_verdict v;
    std::memset(&v, 0x5a, sizeof v);
    v.struct_size = sizeof v;
    v.accepted = 1;
    return v;
}

// A verdict says the same as its status.
void check_verdict(mote_status status, const mote_state_verdict& v, bool done)
{
    check(status == MOTE_OK || status == MOTE_MALFORMED);
    check(done == (status == MOTE_OK && v.accepted == 1));
    check((v.accepted == 1) == (v.fault == 0));
    check((status == MOTE_MALFORMED) == (v.fault != 0 && v.fault < MOTE_STATE_F_ROOT));
    check(std::strcmp(mote_state_fault_text(v.fault), "unknown") != 0);
}

struct Object
{
    test::AlignedMemory memory;
    std::size_t bytes = 0;
    mote_state_proof* proof = nullptr;

    // Opens `data` and drops the bytes it was given.
    void open(bool witness, const std::uint8_t* root, const std::uint8_t* data, std::size_t size)
    {
        check(mote_state_proof_size(&bytes, size) == MOTE_OK);
        memory = test::aligned_memory(bytes);
        std::vector<std::uint8_t> copy(data, data + size);
        mote_state_verdict v = stale();
        const auto call = witness ? mote_state_witness_open : mote_state_proof_open;
        check(call(&proof, &v, memory.get(), bytes - 1, root, 9, copy.data(), size) ==
              MOTE_MEMORY_TOO_SMALL);
        v = stale();
        const mote_status status =
            call(&proof, &v, memory.get(), bytes, root, 9, copy.data(), size);
        check_verdict(status, v, proof != nullptr);
        check(v.offset <= size && v.operation == 0);
    }

    void look(const std::uint8_t* key, std::size_t key_bytes) const
    {
        std::uint32_t answer = 99;
        mote_span value{};
        const auto check_answer = [&]
        {
            check(answer <= MOTE_STATE_ABSENT);
            check(answer == MOTE_STATE_PRESENT || value.bytes == 0);
            const auto* const start = static_cast<const std::uint8_t*>(memory.get());
            if (value.bytes != 0)
                check(value.data >= start && value.data + value.bytes <= start + bytes);
        };
        check(mote_state_lookup(&answer, &value, proof, key, key_bytes) == MOTE_OK);
        check_answer();
        for (const std::uint64_t height : {0U, 1U, 9U})
        {
            check(mote_state_lookup_after(&answer, &value, proof, key, key_bytes, height) ==
                  MOTE_OK);
            check_answer();
        }
        check(mote_state_lookup_after(&answer, &value, proof, key, key_bytes, 10) ==
              MOTE_INVALID_ARGUMENT);
    }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const bool witness = size > 3 && data[2] == 'w';
    state::Digest root = {};
    Object object;
    object.open(witness, root.data(), data, size);
    check(object.proof == nullptr);
    {
        const std::size_t bytes = state::open_memory_bytes(size);
        const auto memory = test::aligned_memory(bytes);
        Arena arena(memory.get(), bytes);
        state::Opened opened;
        state::Defect defect;
        if (state::internal::open_any({data, size},
                                      witness ? state::Kind::witness : state::Kind::proof, arena,
                                      opened, root, defect) != Status::ok)
            return 0;
    }
    object.open(witness, root.data(), data, size);
    check(object.proof != nullptr);
    object.open(!witness, root.data(), data, size);
    check(object.proof == nullptr);
    object.open(witness, root.data(), data, size);

    // Keys of opened entries follow their heads; other positions are keys of nobody.
    std::vector<mote_state_operation> operations;
    for (std::size_t at = 40; at + 80 <= size && operations.size() < 48; at += 16)
    {
        const std::size_t key_bytes = 1 + data[at] % 24;
        object.look(data + at, key_bytes);
        const std::size_t value_bytes = data[at + 1] % 40;
        const bool erase = data[at + 2] % 2 != 0;
        operations.push_back(
            {{data + at, key_bytes}, {data + at, erase ? 0 : value_bytes}, erase ? 1U : 0U});
    }
    std::size_t bytes = 99;
    if (!witness)
    {
        check(mote_state_apply_size(&bytes, object.proof, 1) == MOTE_INVALID_ARGUMENT);
        return 0;
    }
    check(mote_state_apply_size(&bytes, object.proof, operations.size()) == MOTE_OK);
    const auto memory = test::aligned_memory(bytes);
    std::uint8_t roots[2][32];
    mote_status statuses[2];
    for (int i = 0; i < 2; ++i)
    {
        mote_state_verdict v = stale();
        statuses[i] = mote_state_apply(roots[i], &v, memory.get(), bytes, object.proof, 10,
                                       operations.data(), operations.size());
        check_verdict(statuses[i], v, statuses[i] == MOTE_OK && v.accepted == 1);
        check(v.operation <= operations.size());
        if (v.accepted != 1)
            check(std::all_of(roots[i], roots[i] + 32, [](std::uint8_t b) { return b == 0; }));
    }
    check(statuses[0] == statuses[1] && std::memcmp(roots[0], roots[1], 32) == 0);
    return 0;
}
