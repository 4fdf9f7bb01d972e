// mote.hpp: owning handles over mote.h for hosted C++. Adds memory management, nothing else.
//
//   auto key = mote::ProgramKey::open(key_bytes, key_digest);
//   auto setup = mote::DorySetup::open(setup_bytes, setup_digest);
//   if (!key || !setup) ...                            // key.status(), key.verdict()
//   mote::Verifier verifier(*key, *setup);
//   mote::Outcome outcome = verifier.verify(io, proof);
//   if (outcome.accepted()) ...
//
// Works without exceptions: a handle that could not be opened is empty and says why. A Verifier has
// working memory of its own, so use one per thread; keys and setups may be shared.
#ifndef MOTE_MOTE_HPP
#define MOTE_MOTE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "mote/mote.h"

namespace mote
{
/// What a call said: its status and, where there is a subject, the verdict on it.
struct Outcome
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    mote_verdict verdict{sizeof(mote_verdict), 0, 0, 0, 0, 0, 0};

    /// Everything was checked and everything held.
    [[nodiscard]] bool accepted() const noexcept
    {
        return status == MOTE_OK && verdict.accepted == 1;
    }
    /// The subject is well formed, and the answer is no.
    [[nodiscard]] bool rejected() const noexcept
    {
        return status == MOTE_OK && verdict.accepted == 0;
    }
    /// The bytes do not parse.
    [[nodiscard]] bool malformed() const noexcept { return status == MOTE_MALFORMED; }
};

/// Bytes of somebody else.
struct View
{
    const std::uint8_t* data = nullptr;
    std::size_t bytes = 0;
};

namespace detail
{
/// Memory aligned as the core wants it.
struct Memory
{
    explicit Memory(std::size_t size)
        : bytes(size),
          data(
              static_cast<unsigned char*>(::operator new(size, std::align_val_t(16), std::nothrow)))
    {
    }
    struct Free
    {
        void operator()(unsigned char* p) const noexcept
        {
            ::operator delete(p, std::align_val_t(16));
        }
    };
    std::size_t bytes;
    std::unique_ptr<unsigned char, Free> data;
};

/// An opened object together with its memory.
template <class T>
class Handle
{
  public:
    explicit operator bool() const noexcept { return object_ != nullptr; }
    [[nodiscard]] const T* get() const noexcept { return object_; }
    [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }

  protected:
    Outcome outcome_;
    std::shared_ptr<Memory> memory_;
    T* object_ = nullptr;
};
}  // namespace detail

class ProgramKey : public detail::Handle<mote_jolt_key>
{
  public:
    /// Opens a key that must have `digest` (32 bytes). `revision` nullptr is the newest.
    static ProgramKey open(View key, const std::uint8_t* digest, const char* revision = nullptr)
    {
        ProgramKey result;
        Outcome& o = result.outcome_;
        std::size_t bytes = 0;
        o.status = mote_jolt_key_size(&bytes, &o.verdict, key.data, key.bytes);
        if (o.status != MOTE_OK || o.verdict.accepted == 0)
            return result;
        result.memory_ = std::make_shared<detail::Memory>(bytes);
        o.status = mote_jolt_key_open(&result.object_, &o.verdict, result.memory_->data.get(),
                                      bytes, revision, key.data, key.bytes, digest);
        return result;
    }

    /// Facts about the key. The handle must not be empty.
    [[nodiscard]] mote_jolt_key_info describe() const noexcept
    {
        mote_jolt_key_info info{};
        info.struct_size = sizeof info;
        static_cast<void>(mote_jolt_key_describe(&info, object_));
        return info;
    }
};

class DorySetup : public detail::Handle<mote_dory_setup>
{
  public:
    /// Opens a setup that must have this SHA-256 (32 bytes).
    static DorySetup open(View setup, const std::uint8_t* digest)
    {
        DorySetup result;
        Outcome& o = result.outcome_;
        std::size_t bytes = 0;
        o.status = mote_dory_setup_size(&bytes, &o.verdict, setup.data, setup.bytes);
        if (o.status != MOTE_OK || o.verdict.accepted == 0)
            return result;
        result.memory_ = std::make_shared<detail::Memory>(bytes);
        o.status = mote_dory_setup_open(&result.object_, &o.verdict, result.memory_->data.get(),
                                        bytes, setup.data, setup.bytes, digest);
        return result;
    }
};

class Verifier
{
  public:
    /// Takes working memory for proofs under this key and setup, which must not be empty and are
    /// kept alive.
    Verifier(ProgramKey key, DorySetup setup)
        : key_(std::move(key)), setup_(std::move(setup)), memory_(size())
    {
    }

    /// See mote_jolt_verify().
    Outcome verify(const mote_public_io& io, View proof,
                   const std::uint8_t* trusted_advice = nullptr,
                   const mote_observer* observer = nullptr) noexcept
    {
        Outcome o;
        o.status =
            mote_jolt_verify(&o.verdict, memory_.data.get(), memory_.bytes, key_.get(),
                             setup_.get(), &io, proof.data, proof.bytes, trusted_advice, observer);
        return o;
    }

    /// Bytes of working memory.
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_.bytes; }

  private:
    [[nodiscard]] std::size_t size() const noexcept
    {
        std::size_t bytes = 0;
        static_cast<void>(mote_jolt_verify_size(&bytes, key_.get(), setup_.get()));
        return bytes;
    }

    ProgramKey key_;
    DorySetup setup_;
    detail::Memory memory_;
};
}  // namespace mote

#endif  // MOTE_MOTE_HPP
