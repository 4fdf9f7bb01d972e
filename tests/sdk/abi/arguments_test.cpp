// Calls that cannot be done: NULL, misaligned memory, structs of another size.
#include <catch2/catch.hpp>

#include "sdk/abi/abi_support.hpp"

using namespace mote::test;

namespace
{
const std::uint32_t wrong_sizes[] = {0, 1, sizeof(mote_verdict) - 1, sizeof(mote_verdict) + 1,
                                     UINT32_MAX};
}

TEST_CASE("Sizes: NULL and wrong verdicts")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        using Call = mote_status (*)(size_t*, mote_verdict*, const uint8_t*, size_t);
        const std::pair<Call, mote_span> calls[] = {{core->key_size, b.parts.key},
                                                    {core->setup_size, b.parts.setup}};
        for (const auto& [call, bytes] : calls)
        {
            std::size_t size = 99;
            mote_verdict v = stale_verdict();
            REQUIRE(call(&size, nullptr, bytes.data, bytes.bytes) == MOTE_OK);
            REQUIRE(size > 1000);
            const std::size_t right = size;
            REQUIRE(call(&size, &v, bytes.data, bytes.bytes) == MOTE_OK);
            REQUIRE(size == right);
            REQUIRE(is_accepted(v));

            REQUIRE(call(nullptr, &v, bytes.data, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            REQUIRE(call(&size, &v, nullptr, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            REQUIRE(call(&size, &v, nullptr, 1) == MOTE_INVALID_ARGUMENT);
            for (const std::uint32_t wrong : wrong_sizes)
            {
                v.struct_size = wrong;
                const mote_verdict before = v;
                REQUIRE(call(&size, &v, bytes.data, bytes.bytes) == MOTE_INVALID_ARGUMENT);
                // Who knows where that struct ends: it is not written to.
                REQUIRE(std::memcmp(&v, &before, sizeof v) == 0);
            }
            // Nothing, with or without a pointer, is bytes that do not parse.
            for (const std::uint8_t* nothing :
                 {static_cast<const std::uint8_t*>(nullptr), bytes.data})
            {
                size = 99;
                v = stale_verdict();
                REQUIRE(call(&size, &v, nothing, 0) == MOTE_MALFORMED);
                REQUIRE(size == 0);
                REQUIRE((v.accepted == 0 && v.reason != 0 && v.field != 0));
                size = 99;
                REQUIRE(call(&size, nullptr, nothing, 0) == MOTE_MALFORMED);
                REQUIRE(size == 0);
            }
        }
    }
}

TEST_CASE("Opening: NULL, misaligned memory and wrong verdicts")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        Guarded memory(std::max(key_size(core, b), setup_size(core, b)) + 16);
        const auto key = [&](mote_jolt_key** out, mote_verdict* v, void* at, const uint8_t* data,
                             const uint8_t* digest)
        {
            return core->key_open(out, v, at, memory.bytes() - 16, nullptr, data, b.parts.key.bytes,
                                  digest, core);
        };
        const auto setup = [&](mote_dory_setup** out, mote_verdict* v, void* at,
                               const uint8_t* data, const uint8_t* digest)
        {
            return core->setup_open(out, v, at, memory.bytes() - 16, data, b.parts.setup.bytes,
                                    digest, core);
        };
        const auto check =
            [&](const auto& open, auto* object, mote_span bytes, const std::uint8_t* digest)
        {
            auto* out = object;
            mote_verdict v = stale_verdict();
            REQUIRE(open(nullptr, &v, memory.data(), bytes.data, digest) == MOTE_INVALID_ARGUMENT);
            REQUIRE(open(&out, &v, nullptr, bytes.data, digest) == MOTE_INVALID_ARGUMENT);
            REQUIRE(open(&out, &v, memory.data(), nullptr, digest) == MOTE_INVALID_ARGUMENT);
            REQUIRE(open(&out, &v, memory.data(), bytes.data, nullptr) == MOTE_INVALID_ARGUMENT);
            for (std::size_t shift = 1; shift < 16; ++shift)
                REQUIRE(open(&out, &v, memory.data() + shift, bytes.data, digest) ==
                        MOTE_INVALID_ARGUMENT);
            for (const std::uint32_t wrong : wrong_sizes)
            {
                v.struct_size = wrong;
                REQUIRE(open(&out, &v, memory.data(), bytes.data, digest) == MOTE_INVALID_ARGUMENT);
            }
            REQUIRE(memory.intact());
            // The verdict may be NULL; 16 bytes further is aligned again.
            out = nullptr;
            REQUIRE(open(&out, nullptr, memory.data() + 16, bytes.data, digest) == MOTE_OK);
            REQUIRE(out != nullptr);
            REQUIRE(reinterpret_cast<std::uint8_t*>(out) >= memory.data() + 16);
        };
        check(key, static_cast<mote_jolt_key*>(nullptr), b.parts.key, b.parts.key_digest);
        check(setup, static_cast<mote_dory_setup*>(nullptr), b.parts.setup, b.parts.setup_digest);
    }
}

TEST_CASE("Describing a key: NULL and structs of another size")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        const Opened opened(core, b);
        mote_jolt_key_info info{};
        info.struct_size = sizeof info;
        REQUIRE(core->key_describe(nullptr, opened.key) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->key_describe(&info, nullptr) == MOTE_INVALID_ARGUMENT);
        for (const std::size_t wrong : {std::size_t{0}, sizeof info - 1, sizeof info + 1})
        {
            info.struct_size = static_cast<std::uint32_t>(wrong);
            REQUIRE(core->key_describe(&info, opened.key) == MOTE_INVALID_ARGUMENT);
        }
    }
    mote_jolt_key_info info{};
    info.struct_size = sizeof info;
    REQUIRE(mote_jolt_key_describe(&info, nullptr) == MOTE_INVALID_ARGUMENT);
}

TEST_CASE("Verifying: NULL, misaligned memory, structs of another size")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        const Opened opened(core, b);
        std::size_t size = 0;
        REQUIRE(core->verify_size(nullptr, opened.key, opened.setup) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->verify_size(&size, nullptr, opened.setup) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->verify_size(&size, opened.key, nullptr) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->verify_size(&size, opened.key, opened.setup) == MOTE_OK);

        Guarded memory(size + 16);
        mote_public_io io = b.io();
        mote_verdict v;
        struct Arguments
        {
            void* memory;
            const mote_jolt_key* key;
            const mote_dory_setup* setup;
            const mote_public_io* io;
            const std::uint8_t* proof;
            const mote_observer* observer;
        };
        const Arguments good{memory.data(), opened.key,         opened.setup,
                             &io,           b.parts.proof.data, nullptr};
        const auto refused = [&](const Arguments& a)
        {
            v = stale_verdict();
            const mote_status status =
                core->verify(&v, a.memory, size, a.key, a.setup, a.io, a.proof, b.parts.proof.bytes,
                             nullptr, a.observer);
            return status == MOTE_INVALID_ARGUMENT && is_empty(v);
        };
        REQUIRE(core->verify(nullptr, memory.data(), size, opened.key, opened.setup, &io,
                             b.parts.proof.data, b.parts.proof.bytes, nullptr,
                             nullptr) == MOTE_INVALID_ARGUMENT);
        for (const std::uint32_t wrong : wrong_sizes)
        {
            v = stale_verdict();
            v.struct_size = wrong;
            REQUIRE(core->verify(&v, memory.data(), size, opened.key, opened.setup, &io,
                                 b.parts.proof.data, b.parts.proof.bytes, nullptr,
                                 nullptr) == MOTE_INVALID_ARGUMENT);
        }
        Arguments a = good;
        a.memory = nullptr;
        REQUIRE(refused(a));
        for (std::size_t shift = 1; shift < 16; ++shift)
        {
            a.memory = memory.data() + shift;
            REQUIRE(refused(a));
        }
        a = good;
        a.key = nullptr;
        REQUIRE(refused(a));
        a = good;
        a.setup = nullptr;
        REQUIRE(refused(a));
        a = good;
        a.io = nullptr;
        REQUIRE(refused(a));
        a = good;
        a.proof = nullptr;
        REQUIRE(refused(a));

        mote_public_io other = io;
        a = good;
        a.io = &other;
        for (const std::size_t wrong : {std::size_t{0}, sizeof other - 1, sizeof other + 1})
        {
            other.struct_size = static_cast<std::uint32_t>(wrong);
            REQUIRE(refused(a));
        }
        other = io;
        other.inputs = nullptr;
        REQUIRE(refused(a));
        other = io;
        other.outputs = nullptr;
        REQUIRE(refused(a));

        mote_observer observer{};
        a = good;
        a.observer = &observer;
        for (const std::size_t wrong : {std::size_t{0}, sizeof observer - 1, sizeof observer + 1})
        {
            observer.struct_size = static_cast<std::uint32_t>(wrong);
            REQUIRE(refused(a));
        }
        REQUIRE(memory.intact());
        REQUIRE(opened.intact());

        // No proof at all is bytes that do not parse.
        v = stale_verdict();
        REQUIRE(core->verify(&v, memory.data(), size, opened.key, opened.setup, &io, nullptr, 0,
                             nullptr, nullptr) == MOTE_MALFORMED);
        REQUIRE((v.accepted == 0 && v.reason != 0));
    }
}

TEST_CASE("Key and setup must be of one variant")
{
    const std::vector<const mote_core*> cores = runnable_cores();
    const OpenBundle b("committed-muldiv");
    const mote_public_io io = b.io();
    for (const mote_core* one : cores)
        for (const mote_core* other : cores)
        {
            if (one == other)
                continue;
            const Opened x(one, b), y(other, b);
            Guarded memory(std::max(x.verify_size(), y.verify_size()));
            mote_verdict v = stale_verdict();
            REQUIRE(one->verify(&v, memory.data(), memory.bytes(), x.key, y.setup, &io,
                                b.parts.proof.data, b.parts.proof.bytes, nullptr,
                                nullptr) == MOTE_INVALID_ARGUMENT);
            REQUIRE(is_empty(v));
        }
}

TEST_CASE("Bundles and proofs: NULL and structs of another size")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        const auto check = [&](const auto& call, auto out, mote_span bytes)
        {
            using Out = decltype(out);
            mote_verdict v = stale_verdict();
            out.struct_size = sizeof(Out);
            REQUIRE(call(nullptr, &v, bytes.data, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            REQUIRE(call(&out, &v, nullptr, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            for (const std::size_t wrong : {std::size_t{0}, sizeof(Out) - 1, sizeof(Out) + 1})
            {
                out.struct_size = static_cast<std::uint32_t>(wrong);
                REQUIRE(call(&out, &v, bytes.data, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            }
            out.struct_size = sizeof(Out);
            for (const std::uint32_t wrong : wrong_sizes)
            {
                v.struct_size = wrong;
                REQUIRE(call(&out, &v, bytes.data, bytes.bytes) == MOTE_INVALID_ARGUMENT);
            }
            REQUIRE(call(&out, nullptr, bytes.data, bytes.bytes) == MOTE_OK);
            REQUIRE(out.struct_size == sizeof(Out));
        };
        check(core->bundle_open, mote_jolt_bundle{}, {b.bytes.data(), b.bytes.size()});
        check(core->proof_describe, mote_jolt_proof_info{}, b.parts.proof);
    }
}

TEST_CASE("Outputs are zeroed when arguments are refused")
{
    const OpenBundle b("committed-muldiv");
    std::size_t size = 99;
    mote_verdict v = stale_verdict();
    REQUIRE(mote_jolt_verify_size(&size, nullptr, nullptr) == MOTE_INVALID_ARGUMENT);
    CHECK(size == 0);
    size = 99;
    REQUIRE(mote_jolt_key_size(&size, &v, nullptr, 1) == MOTE_INVALID_ARGUMENT);
    CHECK(size == 0);
    CHECK(is_empty(v));
    v = stale_verdict();
    auto* key = reinterpret_cast<mote_jolt_key*>(&v);
    REQUIRE(mote_jolt_key_open(&key, &v, nullptr, 0, nullptr, b.parts.key.data, b.parts.key.bytes,
                               b.parts.key_digest) == MOTE_INVALID_ARGUMENT);
    CHECK(key == nullptr);
    CHECK(is_empty(v));
    v = stale_verdict();
    REQUIRE(mote_jolt_verify(&v, nullptr, 0, nullptr, nullptr, nullptr, nullptr, 0, nullptr,
                             nullptr) == MOTE_INVALID_ARGUMENT);
    CHECK(is_empty(v));
}
