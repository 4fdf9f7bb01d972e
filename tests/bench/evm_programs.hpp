// What bench_evm and bench_evm_peers run and how they take times: loops around a few instructions each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>

namespace mote::evm_bench
{
inline double cpu_seconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// The best of `windows` runs: amount per second.
template <class Run>
double best(int windows, Run run)
{
    double rate = 0;
    for (int i = 0; i < windows; ++i)
    {
        const double start = cpu_seconds();
        const double amount = run();
        rate = std::max(rate, amount / (cpu_seconds() - start));
    }
    return rate;
}

/// Runs `body` calldata times: counter on the stack's bottom, counted down to zero.
inline std::string loop(const std::string& body)
{
    // calldataload(0); JUMPDEST (3): body; 1; swap; sub; dup1; push 3; jumpi; stop
    return "0x600035"
           "5b" +
           body + "600190038060035700";
}

struct Program
{
    const char* name;
    std::string body;  ///< leaves the stack as it was
    std::uint64_t rounds;
};

// Moves 1 from the balance of the caller to that of an account that changes with the counter (dup1):
// slot = keccak(address || 0), checked subtraction, addition, an event.
inline const std::string erc20 =
    "33600052"
    "6000602052"
    "60406000205480"
    "6001"
    "90"
    "03"
    "60406000205550"
    "8060ff16600052"
    "6040600020"
    "80546001019055"
    "6001600052"
    "80337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a3";

inline const Program programs[] = {
    {"loop", "", 2'000'000},
    {"keccak", "604060002050", 200'000},
    {"erc20_transfer", erc20, 50'000},
    {"swap_math",
     // (in * 997 * reserve_out) / (reserve_in * 1000 + in * 997) with reserves of 112 bits
     "806103e502"
     "806d0123456789abcdef0123456789ab02"
     "90"
     "6d0fedcba9876543210fedcba987656103e802"
     "01"
     "90"
     "04"
     "50",
     300'000},
    {"memory",
     "80610fe0168052"
     "80610fe0165150",
     1'000'000},
};
}  // namespace mote::evm_bench
