// Stack: opening, verifying and applying blocks stay below 64 KiB, measured on a stack painted beforehand.
#include <catch2/catch.hpp>

#include "sdk/abi/abi_support.hpp"
#include "sdk/abi/state_support.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MOTE_STACK_IS_NOT_OURS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(__linux__)
#define MOTE_STACK_IS_NOT_OURS 1
#endif

#if defined(MOTE_STACK_IS_NOT_OURS)
TEST_CASE("Stack of a verification: not measured with this build") { SUCCEED(); }
#else

#include <pthread.h>

#include <cstdlib>

using namespace mote::test;

namespace
{
constexpr std::size_t stack_bytes = std::size_t{1} << 20;
constexpr std::size_t allowed = std::size_t{64} << 10;
constexpr std::uint8_t paint = 0xc3;

struct Job
{
    void (*run)(void*);
    void* context;
    std::uint8_t* frame;  ///< where the caller of `run` stood
};

void* start(void* argument)
{
    Job& job = *static_cast<Job*>(argument);
    job.frame = static_cast<std::uint8_t*>(__builtin_frame_address(0));
    job.run(job.context);
    return nullptr;
}

/// Bytes of stack below its caller that `f` reached.
template <class F>
std::size_t stack_of(F& f)
{
    void* memory = nullptr;
    REQUIRE(posix_memalign(&memory, 4096, stack_bytes) == 0);
    std::memset(memory, paint, stack_bytes);
    const auto* const bottom = static_cast<const std::uint8_t*>(memory);
    Job job{[](void* context) { (*static_cast<F*>(context))(); }, &f, nullptr};
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstack(&attributes, memory, stack_bytes) == 0);
    pthread_t thread{};
    REQUIRE(pthread_create(&thread, &attributes, &start, &job) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    static_cast<void>(pthread_attr_destroy(&attributes));
    std::size_t untouched = 0;
    while (untouched < stack_bytes && bottom[untouched] == paint)
        ++untouched;
    const auto used = static_cast<std::size_t>(job.frame - (bottom + untouched));
    std::free(memory);
    return used;
}
}  // namespace

TEST_CASE("The gauge sees a large frame")
{
    auto large = []
    {
        char room[100000];
        room[0] = 1;
        asm volatile("" : : "r"(room) : "memory");
    };
    REQUIRE(stack_of(large) > 99000);
}

TEST_CASE("Opening and verifying take less than 64 KiB of stack")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        const mote_public_io io = b.io();
        for (const mote_core* core : runnable_cores())
        {
            const Opened opened(core, b);  // also resolves what the loader resolves lazily
            Guarded key_memory(key_size(core, b)), setup_memory(setup_size(core, b)),
                memory(opened.verify_size());
            mote_jolt_key* key = nullptr;
            mote_dory_setup* setup = nullptr;
            mote_verdict v = stale_verdict();
            mote_status status = MOTE_UNSUPPORTED;
            auto open_key = [&]
            {
                status =
                    core->key_open(&key, &v, key_memory.data(), key_memory.bytes(), nullptr,
                                   b.parts.key.data, b.parts.key.bytes, b.parts.key_digest, core);
            };
            auto open_setup = [&]
            {
                status = core->setup_open(&setup, &v, setup_memory.data(), setup_memory.bytes(),
                                          b.parts.setup.data, b.parts.setup.bytes,
                                          b.parts.setup_digest, core);
            };
            auto verify = [&]
            {
                status = core->verify(&v, memory.data(), memory.bytes(), key, setup, &io,
                                      b.parts.proof.data, b.parts.proof.bytes,
                                      b.parts.trusted_advice.data, nullptr);
            };
            const std::size_t key_stack = stack_of(open_key);
            REQUIRE((status == MOTE_OK && is_accepted(v)));
            const std::size_t setup_stack = stack_of(open_setup);
            REQUIRE((status == MOTE_OK && is_accepted(v)));
            const std::size_t verify_stack = stack_of(verify);
            REQUIRE((status == MOTE_OK && is_accepted(v)));
            INFO(name << " " << core->name << ": key " << key_stack << ", setup " << setup_stack
                      << ", verification " << verify_stack << " bytes");
            CHECK(key_stack < allowed);
            CHECK(setup_stack < allowed);
            CHECK(verify_stack < allowed);
            CHECK(verify_stack > 1000);
        }
    }
}

TEST_CASE("Proofs and witnesses of the state take less than 64 KiB of stack")
{
    for (const mote_state_core* core : runnable_state_cores())
        for (const Json& item : state_test::read("witnesses.json"))
        {
            const Octets bytes = unhex(item["witness"]), root = unhex(item["old_root"]);
            const auto blocks = parse_batch_text(item["batch"].get<std::string>());
            const auto operations = c_operations(blocks.at(0));
            const std::uint64_t height = item["height"];
            const OpenState warm(core, bytes, root,
                                 true);  // resolves what the loader resolves lazily
            std::size_t size = 0;
            REQUIRE(core->proof_size(&size, bytes.size()) == MOTE_OK);
            Guarded memory(size);
            REQUIRE(core->apply_size(&size, warm.proof, operations.size()) == MOTE_OK);
            Guarded work(size);
            mote_state_proof* witness = nullptr;
            mote_status status = MOTE_UNSUPPORTED;
            mote_state_verdict v = stale_state_verdict();
            std::uint8_t new_root[32];
            auto open = [&]
            {
                status =
                    core->witness_open(&witness, &v, memory.data(), memory.bytes(), root.data(),
                                       height - 1, bytes.data(), bytes.size(), core);
            };
            auto apply = [&]
            {
                status = core->apply(new_root, &v, work.data(), work.bytes(), witness, height,
                                     operations.data(), operations.size());
            };
            const std::size_t open_stack = stack_of(open);
            REQUIRE((status == MOTE_OK && is_accepted(v)));
            const std::size_t apply_stack = stack_of(apply);
            REQUIRE((status == MOTE_OK && is_accepted(v)));
            INFO(core->name << ": open " << open_stack << ", apply " << apply_stack << " bytes");
            CHECK(open_stack < allowed);
            CHECK(apply_stack < allowed);
            CHECK(apply_stack > 1000);
        }
}
#endif
