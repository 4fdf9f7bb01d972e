// Memory: exactly the size asked for is enough, nothing is written outside of it, and with less the
// answer is that there is too little, at whatever point it runs out.
#include <catch2/catch.hpp>

#include "sdk/abi/abi_support.hpp"

using namespace mote::test;

namespace
{
/// Sizes below `size`: fractions all over it, and its last bytes.
std::vector<std::size_t> less_than(std::size_t size)
{
    std::vector<std::size_t> out;
    for (std::size_t k = 0; k < 10; ++k)
        out.push_back(size / 10 * k);
    for (const std::size_t k : {4096U, 512U, 64U, 17U, 16U, 1U})
        if (k < size)
            out.push_back(size - k);
    out.push_back(1);
    out.push_back(15);
    std::sort(out.begin(), out.end());
    return out;
}

/// Calls `open(memory, bytes)` with less and less and demands: too little stays too little. (A size
/// may hold room to spare: what suffices for any proof is more than what one proof takes.)
template <class Call>
void shrink(std::size_t size, const Call& call)
{
    for (const std::size_t bytes : less_than(size))
    {
        INFO(bytes << " of " << size << " bytes");
        Guarded memory(bytes);
        mote_verdict v = stale_verdict();
        const mote_status status = call(memory, v);
        REQUIRE(memory.intact());
        REQUIRE(status == MOTE_MEMORY_TOO_SMALL);
        REQUIRE(is_empty(v));
    }
    Guarded none(1);
    mote_verdict v = stale_verdict();
    Guarded zero(0);
    REQUIRE(call(zero, v) == MOTE_MEMORY_TOO_SMALL);
}
}  // namespace

TEST_CASE("Too little memory for a key")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        for (const mote_core* core : runnable_cores())
            shrink(key_size(core, b),
                   [&](Guarded& memory, mote_verdict& v)
                   {
                       auto* key = reinterpret_cast<mote_jolt_key*>(&v);
                       const mote_status status = core->key_open(
                           &key, &v, memory.data(), memory.bytes(), nullptr, b.parts.key.data,
                           b.parts.key.bytes, b.parts.key_digest, core);
                       REQUIRE((key != nullptr) == (status == MOTE_OK));
                       return status;
                   });
    }
}

TEST_CASE("Too little memory for a setup")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
        shrink(setup_size(core, b),
               [&](Guarded& memory, mote_verdict& v)
               {
                   auto* setup = reinterpret_cast<mote_dory_setup*>(&v);
                   const mote_status status = core->setup_open(
                       &setup, &v, memory.data(), memory.bytes(), b.parts.setup.data,
                       b.parts.setup.bytes, b.parts.setup_digest, core);
                   REQUIRE((setup != nullptr) == (status == MOTE_OK));
                   return status;
               });
}

TEST_CASE("Too little memory for a verification")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        const mote_public_io io = b.io();
        for (const mote_core* core : runnable_cores())
        {
            const Opened opened(core, b);
            shrink(opened.verify_size(),
                   [&](Guarded& memory, mote_verdict& v)
                   {
                       return core->verify(&v, memory.data(), memory.bytes(), opened.key,
                                           opened.setup, &io, b.parts.proof.data,
                                           b.parts.proof.bytes, b.parts.trusted_advice.data,
                                           nullptr);
                   });
            REQUIRE(opened.intact());
        }
    }
}

TEST_CASE("A verification leaves key, setup and inputs as they are and depends on no old memory")
{
    const OpenBundle b("committed-muldiv");
    const Buffer before = b.bytes;
    const mote_public_io io = b.io();
    for (const mote_core* core : runnable_cores())
    {
        const Opened opened(core, b);
        const std::size_t size = opened.verify_size();
        for (const int old : {0x00, 0xff, 0x5a})
        {
            Guarded memory(size);
            std::memset(memory.data(), old, size);
            mote_verdict v = stale_verdict();
            REQUIRE(core->verify(&v, memory.data(), size, opened.key, opened.setup, &io,
                                 b.parts.proof.data, b.parts.proof.bytes, nullptr,
                                 nullptr) == MOTE_OK);
            REQUIRE(is_accepted(v));
        }
        REQUIRE(b.bytes == before);
    }
}

TEST_CASE("Key and setup do not need the bytes they were opened from")
{
    OpenBundle b("committed-muldiv");
    const mote_core* const core = runnable_cores().back();
    const Opened opened(core, b);
    const Buffer proof(b.parts.proof.data, b.parts.proof.data + b.parts.proof.bytes);
    const Buffer inputs(b.parts.inputs.data, b.parts.inputs.data + b.parts.inputs.bytes);
    const Buffer outputs(b.parts.outputs.data, b.parts.outputs.data + b.parts.outputs.bytes);
    mote_public_io io = b.io();
    io.inputs = inputs.data();
    io.outputs = outputs.data();
    std::fill(b.bytes.begin(), b.bytes.end(), std::uint8_t{0xff});
    mote_verdict v;
    REQUIRE(opened.verify(v, io, {proof.data(), proof.size()}, nullptr) == MOTE_OK);
    REQUIRE(is_accepted(v));
}
