// Runs a fuzz target over files, without libFuzzer: the seed corpus as a plain test.
//
// Arguments are files or folders. Each file goes in whole, then cut at 64 evenly spread lengths, in
// a heap block of exactly its size, so that a sanitizer sees the first byte read outside.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes);

namespace
{
void run(const std::vector<char>& content, std::size_t bytes)
{
    const auto exact = std::make_unique<std::uint8_t[]>(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        exact[i] = static_cast<std::uint8_t>(content[i]);
    static_cast<void>(LLVMFuzzerTestOneInput(exact.get(), bytes));
}

std::size_t replay(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> content{std::istreambuf_iterator<char>(file), {}};
    if (!file)
    {
        std::fprintf(stderr, "cannot read %s\n", path.c_str());
        return 0;
    }
    run(content, content.size());
#ifndef MOTE_TEST_EMULATED  // an emulator takes each file once, as it is
    constexpr std::size_t cuts = 64;
    std::size_t last = content.size();
    for (std::size_t i = 0; i < cuts; ++i)
    {
        const std::size_t cut = content.size() * i / cuts;
        if (cut != last)
            run(content, cut);
        last = cut;
    }
#endif
    return 1;
}
}  // namespace

int main(int argc, char** argv)
{
    std::size_t files = 0;
    for (int i = 1; i < argc; ++i)
    {
        const std::filesystem::path path = argv[i];
        if (!std::filesystem::is_directory(path))
        {
            files += replay(path);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
            if (entry.is_regular_file())
                files += replay(entry.path());
    }
    std::printf("%zu files\n", files);
    return files == 0 ? 1 : 0;  // a test over nothing is not a test
}
