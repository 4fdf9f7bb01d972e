// Writes a block of a workload as JSON (platforms/workload/dump.hpp), for machines of others.
//
//   bench_workload_dump erc20 --accounts 10000 --transactions 100000 --seed 1 FILE
//
// Exit status: 0 written, 2 not written, 3 usage.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "workload/dump.hpp"

namespace
{
using namespace mote::workload;

std::uint64_t number_of(const std::string& text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument(text + " is no number");
    return value;
}
}  // namespace

int main(int argc, char** argv)
{
    Options options;
    options.threads = std::thread::hardware_concurrency();
    std::uint64_t count = 10'000;
    std::string kind, file;
    try
    {
        for (int i = 1; i < argc; ++i)
        {
            const std::string word = argv[i];
            const auto next = [&] { return number_of(++i < argc ? argv[i] : ""); };
            if (word == "--accounts")
                options.accounts = static_cast<std::uint32_t>(next());
            else if (word == "--transactions")
                count = next();
            else if (word == "--seed")
                options.seed = next();
            else if (word == "--pools")
                options.pools = static_cast<std::uint32_t>(next());
            else if (word.starts_with("-") || !file.empty())
                throw std::invalid_argument("what is " + word + "?");
            else
                (kind.empty() ? kind : file) = word;
        }
        if (file.empty() || !kind_of(kind))
            throw std::invalid_argument("a workload and a file, please");
        options.kind = *kind_of(kind);
        Workload workload(options);
        const std::vector<GenesisAccount> genesis = workload.genesis();
        std::ofstream out(file, std::ios::binary);
        write_json(out, options, genesis, first_block(options, std::uint64_t{1} << 50),
                   workload.next(count));
        out.close();
        if (!out)
        {
            std::fprintf(stderr, "bench_workload_dump: cannot write %s\n", file.c_str());
            return 2;
        }
    }
    catch (const std::invalid_argument& error)
    {
        std::fprintf(stderr, "bench_workload_dump: %s\n", error.what());
        return 3;
    }
    return 0;
}
