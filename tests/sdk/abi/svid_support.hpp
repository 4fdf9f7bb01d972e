// What the tests of mote_svid.h share: every table this machine can run, the inputs of the vectors as
// structs of the interface, and memory of exactly the size asked for.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "abi/svid_core.hpp"
#include "sdk/abi/abi_support.hpp"
#include "support/svid_cases.hpp"

namespace mote::test
{
using svid_cases::ByteVector;
using svid_cases::Json;

inline std::vector<const mote_svid_core*> runnable_svid_cores()
{
    std::vector<const mote_svid_core*> cores;
    [[maybe_unused]] const std::string best = mote_arch_name();
#if defined(MOTE_HAVE_PORTABLE)
    cores.push_back(mote_svid_core_portable());
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (best == "x86_64_adx" || best == "x86_64_ifma")
        cores.push_back(mote_svid_core_x86_64_adx());
#endif
#if defined(MOTE_HAVE_X86_64_IFMA)
    if (best == "x86_64_ifma")
        cores.push_back(mote_svid_core_x86_64_ifma());
#endif
    return cores;
}

inline mote_span span_of(const ByteVector& bytes) { return {bytes.data(), bytes.size()}; }

/// A verdict full of what must not survive a call.
inline mote_svid_verdict stale_svid_verdict()
{
    mote_svid_verdict v;
    std::memset(&v, 0x5a, sizeof v);
    v.struct_size = sizeof v;
    v.outcome = MOTE_SVID_PROVISIONAL;
    return v;
}

inline bool is_empty(const mote_svid_verdict& v)
{
    return v.struct_size == sizeof v && v.outcome == MOTE_SVID_INCOMPLETE && v.step == 0 &&
           v.fault == 0 && v.row == 0;
}

/// One case of share.json: what is known before, and what arrives.
struct ShareCase
{
    explicit ShareCase(const Json& test)
        : name(test["name"]),
          input(test["input"]),
          header(svid_cases::from_hex(test["header"])),
          verdict(test["verdict"]),
          step(test["step"])
    {
        // Step 8 is not the core's: what it would decide about is provisional.
        if (verdict == "bound" || verdict == "E_PROOF")
        {
            verdict = "provisional";
            step = 7;
        }
        validators.struct_size = sizeof validators;
        validators.count = static_cast<std::uint32_t>(input.stakes.size());
        validators.stakes = input.stakes.data();
        validators.public_keys = input.keys.data();
        validators.public_keys_bytes = input.keys.size();
        std::copy(input.seed.begin(), input.seed.end(), validators.seed);

        expected.struct_size = sizeof expected;
        expected.zone = input.zone;
        expected.height = input.height;
        expected.epoch = input.epoch;
        expected.block_bytes_max = test.contains("block_limit")
                                       ? svid_cases::integer(test["block_limit"])
                                       : MOTE_SVID_BLOCK_BYTES_MAX;
        std::copy(input.chain_id.begin(), input.chain_id.end(), expected.chain_id);
        const auto root = svid_cases::digest(test["svid_root"]);
        std::copy(root.begin(), root.end(), expected.svid_root);

        request.struct_size = sizeof request;
        request.validator = test["validator"];

        has_z = !test["z"].is_null();
        if (has_z)
            z = svid_cases::from_hex(test["z"]);
        for (const Json& row : test["rows"])
        {
            bytes.push_back(svid_cases::from_hex(row["rows"]));
            bytes.push_back(svid_cases::from_hex(row.value("data_path", "")));
            bytes.push_back(svid_cases::from_hex(row.value("parity_path", "")));
            messages.push_back({row["first_row"], row["count"], {}, {}, {}});
        }
        for (std::size_t i = 0; i < messages.size(); ++i)
        {
            messages[i].rows = span_of(bytes[3 * i]);
            messages[i].data_path = span_of(bytes[3 * i + 1]);
            messages[i].parity_path = span_of(bytes[3 * i + 2]);
        }
        // Not NULL, also where there are no bytes of it.
        z.reserve(1);
    }
    ShareCase(const ShareCase&) = delete;
    ShareCase& operator=(const ShareCase&) = delete;

    [[nodiscard]] const std::uint8_t* z_data() const { return has_z ? z.data() : nullptr; }

    std::string name;
    svid_cases::Input input;
    ByteVector header, z;
    bool has_z = false;
    std::vector<ByteVector> bytes;
    std::vector<mote_svid_rows> messages;
    mote_svid_validators validators{};
    mote_svid_expected expected{};
    mote_svid_request request{};
    std::string verdict;
    unsigned step;
};

/// An epoch in memory of exactly its size.
class OpenEpoch
{
  public:
    OpenEpoch(const mote_svid_core* core, const mote_svid_validators& validators)
        : memory_(size_of(core, validators.count))
    {
        if (core->epoch_open(&epoch, memory_.data(), memory_.bytes(), &validators, core) != MOTE_OK)
            throw std::runtime_error("epoch does not open");
    }
    [[nodiscard]] bool intact() const { return memory_.intact(); }

    mote_svid_epoch* epoch = nullptr;

  private:
    static std::size_t size_of(const mote_svid_core* core, std::size_t count)
    {
        std::size_t bytes = 0;
        if (core->epoch_size(&bytes, count) != MOTE_OK)
            throw std::runtime_error("epoch size");
        return bytes;
    }
    Guarded memory_;
};

/// "provisional", "incomplete" or the fault, as the vectors have them.
inline std::string name_of(const mote_svid_verdict& v)
{
    return v.outcome == MOTE_SVID_REJECTED ? mote_svid_fault_text(v.fault)
                                           : mote_svid_outcome_text(v.outcome);
}

inline const Json& share_cases()
{
    static const Json cases = svid_cases::read("share.json")["cases"];
    return cases;
}

inline const Json& share_case(const std::string& name)
{
    for (const Json& test : share_cases())
        if (test["name"] == name)
            return test;
    throw std::runtime_error("no case " + name);
}

/// A case that ends provisional, with Z and rows of both trees.
inline const Json& honest_case() { return share_case("honest unequal, validator 0"); }
}  // namespace mote::test
