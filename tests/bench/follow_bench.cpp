// What following costs a wallet, in time and in bytes: one header with its certificate at a time.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>

#include "client/follower.hpp"
#include "consensus/member_keys.hpp"
#include "signature/secret_key.hpp"
#include "tools/follow_traffic.hpp"

namespace
{
using namespace mote;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void follow(benchmark::State& state)
{
    const auto seats = static_cast<std::uint32_t>(state.range(0));
    const std::uint32_t absent = seats * static_cast<std::uint32_t>(state.range(1)) / 100;
    const test::Traffic traffic(seats, absent);
    const chain::Digest chain_id{3};
    const chain::RootHeader header = traffic.header(864000 - 16);
    chain::FollowerCertificate follows = traffic.certificate(header, 9, {});
    std::array<std::uint8_t, 32> one{};
    one[31] = 1;
    signature::SecretKey key;
    require(key.load(one) == Status::ok);
    follows.certificate.signature =
        traffic.signature_by(key.sign(chain::signed_digest(chain_id, follows.certificate)));
    for (auto _ : state)
        require(verify(follows, traffic.commitment(), chain_id, consensus::decoding_check()) ==
                chain::CertificateFault::none);
    const auto bytes = static_cast<double>(test::Traffic::message_bytes(header, follows));
    state.counters["bytes"] = bytes;
    state.counters["bytes_a_day"] = bytes * static_cast<double>(test::messages_a_day);
}
BENCHMARK(follow)
    ->Name("client::follow")
    ->ArgNames({"seats", "absent_percent"})
    ->Args({512, 0})
    ->Args({512, 10})
    ->Args({512, 33})
    ->Args({2048, 10})
    ->Unit(benchmark::kMicrosecond);
}  // namespace

BENCHMARK_MAIN();
