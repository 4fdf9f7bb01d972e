// Bytes to verdict for every transparent bundle, with a breakdown.
//
// One thread. Program key and setup are opened before the clock starts; decoding, canonical form and
// every subgroup test of the proof are inside. Minimum and median over many runs: the minimum is what
// the machine can do, the median what it did. Working memory is what the size function asks for.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "jolt/bundle.hpp"
#include "jolt/decode.hpp"
#include "jolt/decode_elements.hpp"
#include "jolt/load_key.hpp"
#include "jolt/verify.hpp"

namespace
{
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Memory
{
    explicit Memory(std::size_t bytes)
        : data(std::aligned_alloc(64, (bytes + 63) / 64 * 64)), size(bytes)
    {
    }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory() { std::free(data); }
    void* data;
    std::size_t size;
};

/// Adds up the time of each part of the breakdown.
class Breakdown
{
  public:
    static void on_stage(void* context, mote::Stage stage)
    {
        static_cast<Breakdown*>(context)->enter(part_of(stage));
    }
    void enter(const char* part)
    {
        const auto now = Clock::now();
        if (current_ != nullptr)
            times_[current_] += now - since_;
        current_ = part;
        since_ = now;
    }
    void finish() { enter(nullptr); }
    [[nodiscard]] const std::map<std::string, Clock::duration>& times() const { return times_; }

  private:
    static const char* part_of(mote::Stage stage)
    {
        using mote::Stage;
        switch (stage)
        {
            case Stage::decode:
            case Stage::config:
            case Stage::preamble:
                return "1 decode, preamble";
            case Stage::membership:
                return "2 membership";
            case Stage::dory:
                return "4 dory transcript";
            case Stage::dory_powers:
                return "5 RLC and dory product in GT";
            case Stage::dory_points:
                return "6 dory sums in G1, G2";
            case Stage::dory_pairing:
                return "7 pairing";
            default:
                return "3 stages 1-8";
        }
    }
    const char* current_ = nullptr;
    Clock::time_point since_;
    std::map<std::string, Clock::duration> times_;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

int bench(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> file{std::istreambuf_iterator<char>(in), {}};
    const mote::Bytes bundle{reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};

    mote::Report report;
    mote::jolt::BundleParts parts;
    if (mote::jolt::split_bundle(bundle, parts, report) != mote::Status::ok)
        return 0;  // a hiding bundle
    mote::jolt::PublicIo io;
    std::size_t key_bytes = 0, setup_bytes = 0;
    if (mote::jolt::decode_device(parts.device.bytes, 0, io, report) != mote::Status::ok ||
        mote::jolt::program_key_bytes(parts.key.bytes, 0, key_bytes, report) != mote::Status::ok ||
        mote::openings::dory_setup_bytes(parts.setup.bytes, setup_bytes, report) !=
            mote::Status::ok)
        return 1;
    const Memory key_memory(key_bytes + (std::size_t{1} << 20)), setup_memory(setup_bytes);
    mote::Arena key_arena(key_memory.data, key_memory.size);
    mote::Arena setup_arena(setup_memory.data, setup_memory.size);
    mote::jolt::ProgramKey key;
    static mote::openings::DorySetup setup;
    if (mote::jolt::load_program_key(parts.key.bytes, 0, mote::jolt::default_revision(), key_arena,
                                     key, report) != mote::Status::ok ||
        mote::jolt::decode_key_commitments(key, key_arena, report) != mote::Status::ok ||
        mote::openings::load_dory_setup(parts.setup.bytes, nullptr, setup_arena, setup, report) !=
            mote::Status::ok)
        return 1;

    const Memory work(mote::jolt::verify_memory_bytes(key, setup));
    constexpr int runs = 60;
    std::vector<double> totals;
    std::map<std::string, std::vector<double>> times;
    for (int i = 0; i < runs; ++i)
    {
        Breakdown breakdown;
        mote::Observer observer;
        observer.context = &breakdown;
        observer.on_stage = &Breakdown::on_stage;
        mote::Arena arena(work.data, work.size);
        const auto begin = Clock::now();
        const mote::Status status = mote::jolt::verify_proof(
            key, setup, io, parts.proof.bytes, parts.trusted_advice.bytes, arena, observer, report);
        breakdown.finish();
        totals.push_back(Milliseconds(Clock::now() - begin).count());
        if (status != mote::Status::ok)
            return 1;
        for (const auto& [part, time] : breakdown.times())
            times[part].push_back(Milliseconds(time).count());
    }
    std::printf("jolt::verify/bundle=%s  bytes=%zu  memory=%zu\n", path.stem().string().c_str(),
                parts.proof.bytes.size(), work.size);
    std::printf("  %-32s %9s %9s   (ms, %d runs)\n", "", "min", "median", runs);
    for (const auto& [part, values] : times)
        std::printf("  %-32s %9.3f %9.3f\n", part.c_str(),
                    *std::min_element(values.begin(), values.end()), median(values));
    std::printf("  %-32s %9.3f %9.3f\n", "bytes to verdict",
                *std::min_element(totals.begin(), totals.end()), median(totals));
    return 0;
}
}  // namespace

int main()
{
    int failed = 0;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(MOTE_TEST_VECTORS "/jolt"))
        if (entry.path().extension() == ".bin")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        failed += bench(file);
    return failed == 0 ? 0 : 1;
}
