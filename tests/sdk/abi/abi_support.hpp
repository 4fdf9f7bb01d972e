// What the tests of the facade share: every table of functions this machine can run, memory with
// guard bytes around it, and bundles with their key and setup opened.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "abi/core.hpp"
#include "mote/mote.h"
#include "tools/bundle_edit.hpp"

namespace mote::test
{
/// The tables of all variants that were built and run here. The dispatcher picks the best of them,
/// so what it picked says which others run, too.
inline std::vector<const mote_core*> runnable_cores()
{
    std::vector<const mote_core*> cores;
    [[maybe_unused]] const std::string best = mote_arch_name();
#if defined(MOTE_HAVE_PORTABLE)
    cores.push_back(mote_core_portable());
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (best == "x86_64_adx" || best == "x86_64_ifma")
        cores.push_back(mote_core_x86_64_adx());
#endif
#if defined(MOTE_HAVE_X86_64_IFMA)
    if (best == "x86_64_ifma")
        cores.push_back(mote_core_x86_64_ifma());
#endif
    return cores;
}

/// Memory of exactly `bytes`, 16-byte aligned, that knows when something was written around it.
class Guarded
{
  public:
    explicit Guarded(std::size_t bytes) : bytes_(bytes), storage_(bytes + 2 * guard + 16, paint)
    {
        const auto start = reinterpret_cast<std::uintptr_t>(storage_.data());
        at_ = guard + (16 - (start + guard) % 16) % 16;
    }
    [[nodiscard]] std::uint8_t* data() { return storage_.data() + at_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool intact() const
    {
        for (std::size_t i = 0; i < storage_.size(); ++i)
            if ((i < at_ || i >= at_ + bytes_) && storage_[i] != paint)
                return false;
        return true;
    }

  private:
    static constexpr std::size_t guard = 4096;
    static constexpr std::uint8_t paint = 0xa5;
    std::size_t bytes_;
    std::size_t at_ = 0;
    Buffer storage_;
};

/// A verdict full of what must not survive a call: it even says accepted.
inline mote_verdict stale_verdict()
{
    mote_verdict v;
    std::memset(&v, 0x5a, sizeof v);
    v.struct_size = sizeof v;
    v.accepted = 1;
    return v;
}

inline bool is_empty(const mote_verdict& v)
{
    return v.struct_size == sizeof v && v.accepted == 0 && v.stage == 0 && v.reason == 0 &&
           v.field == 0 && v.index == 0 && v.offset == 0;
}

inline bool is_accepted(const mote_verdict& v)
{
    return v.struct_size == sizeof v && v.accepted == 1 && v.stage == 0 && v.reason == 0 &&
           v.field == 0 && v.index == 0 && v.offset == 0;
}

inline Buffer bundle_file(const std::string& name)
{
    return read_file(std::string(MOTE_TEST_VECTORS) + "/jolt/" + name + "-bundle.bin");
}

/// A bundle, taken apart.
struct OpenBundle
{
    Buffer bytes;
    mote_jolt_bundle parts{};

    explicit OpenBundle(const std::string& name) : bytes(bundle_file(name))
    {
        parts.struct_size = sizeof parts;
        mote_verdict v = stale_verdict();
        if (mote_jolt_bundle_open(&parts, &v, bytes.data(), bytes.size()) != MOTE_OK ||
            v.accepted != 1)
            throw std::runtime_error("bundle " + name + " does not open");
    }
    OpenBundle(const OpenBundle&) = delete;
    OpenBundle& operator=(const OpenBundle&) = delete;

    [[nodiscard]] mote_public_io io() const
    {
        mote_public_io io{};
        io.struct_size = sizeof io;
        io.panic = parts.panic;
        io.inputs = parts.inputs.data;
        io.inputs_bytes = parts.inputs.bytes;
        io.outputs = parts.outputs.data;
        io.outputs_bytes = parts.outputs.bytes;
        return io;
    }
};

inline std::size_t key_size(const mote_core* core, const OpenBundle& b)
{
    std::size_t size = 0;
    if (core->key_size(&size, nullptr, b.parts.key.data, b.parts.key.bytes) != MOTE_OK)
        throw std::runtime_error("key size");
    return size;
}

inline std::size_t setup_size(const mote_core* core, const OpenBundle& b)
{
    std::size_t size = 0;
    if (core->setup_size(&size, nullptr, b.parts.setup.data, b.parts.setup.bytes) != MOTE_OK)
        throw std::runtime_error("setup size");
    return size;
}

/// Key and setup of a bundle, opened by one variant in memory of exactly the size asked for.
class Opened
{
  public:
    Opened(const mote_core* core, const OpenBundle& b)
        : core_(core), key_memory_(key_size(core, b)), setup_memory_(setup_size(core, b))
    {
        mote_verdict v = stale_verdict();
        if (core->key_open(&key, &v, key_memory_.data(), key_memory_.bytes(), nullptr,
                           b.parts.key.data, b.parts.key.bytes, b.parts.key_digest,
                           core) != MOTE_OK ||
            !is_accepted(v))
            throw std::runtime_error("key does not open");
        v = stale_verdict();
        if (core->setup_open(&setup, &v, setup_memory_.data(), setup_memory_.bytes(),
                             b.parts.setup.data, b.parts.setup.bytes, b.parts.setup_digest,
                             core) != MOTE_OK ||
            !is_accepted(v))
            throw std::runtime_error("setup does not open");
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    [[nodiscard]] std::size_t verify_size() const
    {
        std::size_t size = 0;
        if (core_->verify_size(&size, key, setup) != MOTE_OK)
            throw std::runtime_error("verify size");
        return size;
    }
    /// Verifies in memory of exactly the size asked for.
    mote_status verify(mote_verdict& v, const mote_public_io& io, mote_span proof,
                       const std::uint8_t* trusted_advice,
                       const mote_observer* observer = nullptr) const
    {
        Guarded memory(verify_size());
        v = stale_verdict();
        const mote_status status = core_->verify(&v, memory.data(), memory.bytes(), key, setup, &io,
                                                 proof.data, proof.bytes, trusted_advice, observer);
        if (!memory.intact() || !intact())
            throw std::runtime_error("wrote outside of its memory");
        return status;
    }
    mote_status verify(mote_verdict& v, const OpenBundle& b) const
    {
        return verify(v, b.io(), b.parts.proof, b.parts.trusted_advice.data);
    }
    [[nodiscard]] bool intact() const { return key_memory_.intact() && setup_memory_.intact(); }

    mote_jolt_key* key = nullptr;
    mote_dory_setup* setup = nullptr;

  private:
    const mote_core* core_;
    Guarded key_memory_, setup_memory_;
};

inline const char* const accepted_bundles[] = {"muldiv", "committed-muldiv"};
}  // namespace mote::test
