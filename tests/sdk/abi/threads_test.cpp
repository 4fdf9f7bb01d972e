// Opened keys and setups are read-only: threads share them, each with working memory of its own.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "sdk/abi/abi_support.hpp"

using namespace mote::test;

TEST_CASE("Four threads verify with one key and one setup")
{
    const OpenBundle b("committed-muldiv");
    const mote_public_io good = b.io();
    mote_public_io bad = b.io();
    bad.panic = 1;
    for (const mote_core* core : runnable_cores())
    {
        const Opened opened(core, b);
        const std::size_t size = opened.verify_size();
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back(
                [&, t]
                {
                    Guarded memory(size);
                    for (int i = 0; i < 3; ++i)
                    {
                        // Odd and even threads see different answers at the same time.
                        const bool accept = (t + i) % 2 == 0;
                        mote_verdict v = stale_verdict();
                        const mote_status status =
                            core->verify(&v, memory.data(), memory.bytes(), opened.key,
                                         opened.setup, accept ? &good : &bad, b.parts.proof.data,
                                         b.parts.proof.bytes, nullptr, nullptr);
                        if (status != MOTE_OK || (v.accepted == 1) != accept || !memory.intact())
                            ++wrong;
                    }
                });
        for (std::thread& thread : threads)
            thread.join();
        REQUIRE(wrong == 0);
        REQUIRE(opened.intact());
    }
}
