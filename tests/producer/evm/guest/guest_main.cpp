// State tests on a target that has no libraries: the machine, the plain arithmetic and nothing else.
//
//   evm_guest [--every N] FOLDER...      each N-th file; exit status 0 if every case gives the published root
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "evm/crypto.hpp"
#include "plain_crypto.hpp"
#include "secret_key.hpp"
#include "state_test.hpp"

namespace mote::evm::crypto
{
bool recover_address(const Hash& hash, const std::array<std::uint8_t, 64>& signature,
                     std::uint32_t parity, Address& out) noexcept
{
    return plain::recover_address(hash, signature, parity, out);
}
void power_mod(Bytes base, Bytes exponent, Bytes modulus, MutableBytes out) noexcept
{
    plain::power_mod(base, exponent, modulus, out);
}
bool verify_p256(const Hash& hash, const std::uint8_t* r, const std::uint8_t* s,
                 const std::uint8_t* x, const std::uint8_t* y) noexcept
{
    return plain::verify_p256(hash, r, s, x, y);
}
}  // namespace mote::evm::crypto

bool mote::evm_tool::address_of_secret(const evm::Hash& secret, evm::Address& out)
{
    return evm::plain::address_of_secret(secret, out);
}

int main(int argc, char** argv)
{
    using namespace mote::evm_tool;
    std::size_t every = 1, number = 0, cases = 0, failed = 0;
    // Small reservations: an emulator has them all in one address space.
    StateTestRunner runner;
    for (int i = 1; i < argc; ++i)
    {
        if (std::strcmp(argv[i], "--every") == 0 && i + 1 < argc)
        {
            every = std::max<std::size_t>(std::strtoul(argv[++i], nullptr, 10), 1);
            continue;
        }
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i]))
            if (entry.path().extension() == ".json")
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const std::filesystem::path& path : files)
        {
            // Slow by design (tests/vectors/evm/README.md), and what a plain power takes minutes for.
            const std::string name = path.filename().string();
            if (number++ % every != 0 || name.find("static_Call50000_sha256") == 0 ||
                name.find("CALLBlake2f_MaxRounds") == 0 ||
                path.string().find("stQuadraticComplexityTest") != std::string::npos)
                continue;
            std::ifstream file(path);
            for (const CaseResult& result : runner.run(Json::parse(file)))
            {
                ++cases;
                if (result.passed)
                    continue;
                ++failed;
                std::printf("%s %s %s[%zu]: %s\n", path.c_str(), result.test.c_str(),
                            result.fork.c_str(), result.index, result.why.c_str());
            }
        }
    }
    std::printf("%zu cases, %zu failed\n", cases, failed);
    return failed == 0 && cases > 0 ? 0 : 1;
}
