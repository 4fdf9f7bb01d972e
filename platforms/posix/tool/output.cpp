#include "output.hpp"

#include <nlohmann/json.hpp>

namespace mote::tool
{
namespace
{
using Json = nlohmann::ordered_json;

double microseconds(std::chrono::nanoseconds t) { return static_cast<double>(t.count()) / 1000.0; }

std::string hex(const mote_span& span) { return to_hex(span.data, span.bytes); }

/// "stage 5, round 12" style position; empty when there is none.
std::string where(const FileReport& r)
{
    std::string text;
    if (!r.field.empty())
    {
        text = r.field;
        const auto at = text.find("[]");
        if (at != std::string::npos)
            text.replace(at, 2, "[" + std::to_string(r.index) + "]");
    }
    return text;
}

const char* mode(const FileReport& r)
{
    return r.key.committed != 0 ? "committed program" : "full program";
}

Json base_json(const FileReport& r)
{
    Json j;
    j["file"] = r.file;
    j["verdict"] = to_text(r.verdict);
    j["stage"] = r.stage;
    j["reason"] = r.reason;
    j["field"] = where(r);
    j["offset"] = r.offset;
    j["elapsed_us"] = microseconds(r.verify_time);
    j["trace_length"] = r.has_proof ? Json(r.proof.trace_length) : Json(nullptr);
    j["program_digest"] = r.has_bundle ? Json(to_hex(r.bundle.key_digest, 32)) : Json(nullptr);
    j["setup_digest"] = r.has_bundle ? Json(to_hex(r.bundle.setup_digest, 32)) : Json(nullptr);
    j["inputs"] = r.has_bundle ? Json(hex(r.bundle.inputs)) : Json(nullptr);
    j["outputs"] = r.has_bundle ? Json(hex(r.bundle.outputs)) : Json(nullptr);
    j["panic"] = r.has_bundle ? Json(r.bundle.panic != 0) : Json(nullptr);
    return j;
}

void print_json(const Json& j)
{
    // File names may be any bytes: what is not UTF-8 is replaced rather than thrown at.
    std::printf("%s\n", j.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

void print_values(const FileReport& r)
{
    if (!r.has_bundle)
        return;
    const auto& b = r.bundle;
    std::printf("  program   %s%s%s\n", to_hex(b.key_digest, 32).c_str(), r.has_key ? "  " : "",
                r.has_key ? mode(r) : "");
    std::printf("  setup     %s\n", to_hex(b.setup_digest, 32).c_str());
    std::printf("  inputs    %s\n", b.inputs.bytes != 0 ? hex(b.inputs).c_str() : "(none)");
    std::printf("  outputs   %s\n", b.outputs.bytes != 0 ? hex(b.outputs).c_str() : "(none)");
    std::printf("  panic     %s\n", b.panic != 0 ? "yes" : "no");
    if (r.has_proof)
        std::printf("  trace     %llu cycles (padded), proof of %zu bytes\n",
                    static_cast<unsigned long long>(r.proof.trace_length), b.proof.bytes);
}
}  // namespace

void print_report(const FileReport& r, const Style& style)
{
    const char* const red = style.colour ? "\x1b[31m" : "";
    const char* const green = style.colour ? "\x1b[32m" : "";
    const char* const plain = style.colour ? "\x1b[0m" : "";
    std::printf("%s\n", r.file.c_str());
    print_values(r);
    if (!r.stages.empty())
    {
        std::printf("  key and setup checked once in %.2f ms; then, from the bytes of the proof:\n",
                    microseconds(r.load_time) / 1000.0);
        for (std::size_t i = 0; i < r.stages.size(); ++i)
        {
            const bool failed = r.verdict != Verdict::accepted && i + 1 == r.stages.size();
            std::printf("    %s%s%s %-16s %9.3f ms\n", failed ? red : green, failed ? "no" : "ok",
                        plain, mote_stage_text(r.stages[i].stage),
                        microseconds(r.stages[i].elapsed) / 1000.0);
        }
    }
    if (r.verdict == Verdict::accepted)
        std::printf("  %sACCEPTED%s in %.2f ms\n", green, plain,
                    microseconds(r.verify_time) / 1000.0);
    else
    {
        std::printf("  %s%s%s at %s: %s\n", red,
                    r.verdict == Verdict::rejected ? "REJECTED" : "MALFORMED", plain,
                    r.stage.c_str(), r.reason.c_str());
        const std::string position = where(r);
        if (!position.empty() && r.offset != 0)
            std::printf("  in %s, byte %llu of the file\n", position.c_str(),
                        static_cast<unsigned long long>(r.offset));
        else if (!position.empty())
            std::printf("  in %s\n", position.c_str());
    }
}

void print_report_json(const FileReport& r) { print_json(base_json(r)); }

void print_inspection(const FileReport& r)
{
    std::printf("%s\n", r.file.c_str());
    print_values(r);
    if (r.has_key)
        std::printf(
            "  bytecode  %llu rows, entry 0x%llx, image of %llu words, at most %llu cycles\n",
            static_cast<unsigned long long>(r.key.bytecode_length),
            static_cast<unsigned long long>(r.key.entry_address),
            static_cast<unsigned long long>(r.key.image_words),
            static_cast<unsigned long long>(r.key.max_trace_length));
    if (r.has_proof)
    {
        const auto& p = r.proof;
        std::printf("  RAM       %llu words\n", static_cast<unsigned long long>(p.ram_words));
        std::printf("  one-hot   chunks of %u bits, %u virtual; %s order\n", p.log_k_chunk,
                    p.log_k_virtual, p.address_major != 0 ? "address-major" : "cycle-major");
        std::printf("  phases    RAM %u + %u, registers %u + %u\n", p.ram_phase1, p.ram_phase2,
                    p.registers_phase1, p.registers_phase2);
        std::printf("  committed 2 increments, %u instruction, %u RAM, %u bytecode%s%s\n",
                    p.instruction_commitments, p.ram_commitments, p.bytecode_commitments,
                    p.untrusted_advice != 0 ? ", untrusted advice" : "",
                    r.bundle.trusted_advice.bytes != 0 ? ", trusted advice" : "");
        std::printf("  rounds   ");
        for (const std::uint32_t rounds : p.sumcheck_rounds)
            std::printf(" %u", rounds);
        std::printf("\n  opening   %u bytes\n", p.opening_bytes);
    }
    if (r.memory_bytes != 0)
        std::printf("  memory    %zu bytes to verify\n", r.memory_bytes);
    if (r.verdict == Verdict::malformed || r.verdict == Verdict::rejected)
        std::printf("  note      %s at %s: %s\n", to_text(r.verdict), r.stage.c_str(),
                    r.reason.c_str());
}

void print_inspection_json(const FileReport& r)
{
    Json j = base_json(r);
    if (r.has_bundle)
    {
        j["key_bytes"] = r.bundle.key.bytes;
        j["setup_bytes"] = r.bundle.setup.bytes;
        j["proof_bytes"] = r.bundle.proof.bytes;
        j["trusted_advice"] = r.bundle.trusted_advice.bytes != 0;
    }
    if (r.has_key)
    {
        j["committed_program"] = r.key.committed != 0;
        j["bytecode_length"] = r.key.bytecode_length;
        j["image_words"] = r.key.image_words;
        j["entry_address"] = r.key.entry_address;
        j["max_trace_length"] = r.key.max_trace_length;
    }
    if (r.has_proof)
    {
        j["ram_words"] = r.proof.ram_words;
        j["log_k_chunk"] = r.proof.log_k_chunk;
        j["log_k_virtual"] = r.proof.log_k_virtual;
        j["order"] = r.proof.address_major != 0 ? "address-major" : "cycle-major";
        j["rounds"] = r.proof.sumcheck_rounds;
        j["untrusted_advice"] = r.proof.untrusted_advice != 0;
    }
    j["memory_bytes"] = r.memory_bytes;
    print_json(j);
}

void print_error(const char* text) noexcept
{
    // If this fails, there is nobody left to tell.
    static_cast<void>(std::fprintf(stderr, "mote: %s\n", text));
}
}  // namespace mote::tool
