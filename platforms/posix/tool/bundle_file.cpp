#include "bundle_file.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <system_error>

namespace mote::tool
{
namespace
{
using Clock = std::chrono::steady_clock;

/// Notes the time at which each stage begins.
class StageClock
{
  public:
    explicit StageClock(std::vector<StageTime>& stages) : stages_(stages) {}

    static void on_stage(void* context, std::uint32_t stage)
    {
        auto* const self = static_cast<StageClock*>(context);
        self->finish();
        self->stages_.push_back({stage, {}});
        self->begun_ = Clock::now();
    }
    void finish()
    {
        if (!stages_.empty())
            stages_.back().elapsed = Clock::now() - begun_;
    }

  private:
    std::vector<StageTime>& stages_;
    Clock::time_point begun_ = Clock::now();
};

/// Takes over what a call said. True if there is something to go on with.
bool take(const Outcome& outcome, std::uint64_t base_offset, FileReport& report)
{
    const mote_verdict& v = outcome.verdict;
    if (outcome.accepted())
        return true;
    if (outcome.malformed())
        report.verdict = Verdict::malformed;
    else
        report.verdict = outcome.rejected() ? Verdict::rejected : Verdict::unreadable;
    report.stage = mote_stage_text(v.stage);
    report.reason = report.verdict == Verdict::unreadable ? mote_status_text(outcome.status)
                                                          : mote_reason_text(v.reason);
    report.field = mote_field_text(v.field);
    report.index = v.index;
    const bool placed = v.offset != 0 || outcome.malformed();
    report.offset = placed ? base_offset + v.offset : 0;
    return false;
}
}  // namespace

std::optional<std::vector<std::uint8_t>> read_file(const std::string& path, std::string& error)
{
    errno = 0;
    std::ifstream file;
    if (path != "-")
        file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    std::vector<std::uint8_t> data;
    char buffer[1 << 16];
    while (in.read(buffer, sizeof buffer) || in.gcount() > 0)
    {
        data.insert(data.end(), buffer, buffer + in.gcount());
        if (data.size() > file_bytes_max)
        {
            error = "larger than " + std::to_string(file_bytes_max >> 20) + " MiB";
            return std::nullopt;
        }
    }
    if (in.bad() || (data.empty() && !in.eof()))
    {
        error = errno != 0 ? std::generic_category().message(errno) : "cannot be read";
        return std::nullopt;
    }
    return data;
}

namespace
{
/// verify_bundle() without the time of what ends before the proof is looked at.
FileReport verify_parts(const std::string& name, const std::vector<std::uint8_t>& data,
                        const Expectations& expect)
{
    FileReport report;
    report.file = name;
    const auto offset_of = [&](const mote_span& span)
    { return static_cast<std::uint64_t>(span.data - data.data()); };

    Outcome outcome;
    report.bundle.struct_size = sizeof report.bundle;
    outcome.status =
        mote_jolt_bundle_open(&report.bundle, &outcome.verdict, data.data(), data.size());
    if (!take(outcome, 0, report))
        return report;
    const mote_jolt_bundle& b = report.bundle;
    report.has_bundle = true;

    const auto load_begun = Clock::now();
    const ProgramKey key = ProgramKey::open({b.key.data, b.key.bytes},
                                            expect.program ? expect.program->data() : b.key_digest);
    if (!take(key.outcome(), offset_of(b.key), report))
        return report;
    report.key = key.describe();
    report.has_key = true;
    const DorySetup setup = DorySetup::open({b.setup.data, b.setup.bytes},
                                            expect.setup ? expect.setup->data() : b.setup_digest);
    if (!take(setup.outcome(), offset_of(b.setup), report))
        return report;
    Verifier verifier(key, setup);
    report.memory_bytes = verifier.memory_bytes();
    report.load_time = Clock::now() - load_begun;

    mote_public_io io{};
    io.struct_size = sizeof io;
    io.panic = b.panic;
    io.inputs = b.inputs.data;
    io.inputs_bytes = b.inputs.bytes;
    io.outputs = b.outputs.data;
    io.outputs_bytes = b.outputs.bytes;
    io.memory_layout = &b.memory_layout;

    StageClock clock(report.stages);
    mote_observer observer{};
    observer.struct_size = sizeof observer;
    observer.context = &clock;
    observer.on_stage = &StageClock::on_stage;
    const auto begun = Clock::now();
    outcome = verifier.verify(io, {b.proof.data, b.proof.bytes}, b.trusted_advice.data, &observer);
    clock.finish();
    report.verify_time = Clock::now() - begun;

    report.proof.struct_size = sizeof report.proof;
    report.has_proof =
        mote_jolt_proof_describe(&report.proof, nullptr, b.proof.data, b.proof.bytes) == MOTE_OK;
    // The advice commitment is a span of its own, behind the proof.
    const bool in_advice =
        std::string(mote_field_text(outcome.verdict.field)) == "trusted_advice_commitment";
    if (take(outcome, offset_of(in_advice ? b.trusted_advice : b.proof), report))
        report.verdict = Verdict::accepted;
    return report;
}
}  // namespace

FileReport verify_bundle(const std::string& name, const std::vector<std::uint8_t>& data,
                         const Expectations& expect)
{
    const auto begun = Clock::now();
    FileReport report = verify_parts(name, data, expect);
    if (report.stages.empty())
        report.verify_time = Clock::now() - begun;
    return report;
}

std::string to_hex(const std::uint8_t* data, std::size_t bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes);
    for (std::size_t i = 0; i < bytes; ++i)
    {
        text += digits[data[i] >> 4];
        text += digits[data[i] & 15];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(const std::string& text)
{
    const auto digit = [](char c) -> int
    {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    };
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
    {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(16 * high + low));
    }
    return bytes;
}

const char* to_text(Verdict verdict)
{
    switch (verdict)
    {
        case Verdict::accepted:
            return "accepted";
        case Verdict::rejected:
            return "rejected";
        default:
            return "malformed";
    }
}
}  // namespace mote::tool
