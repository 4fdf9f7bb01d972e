// Bytes that are overwritten when they end, and bytes that nobody can guess.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace mote::keystore
{
/// Overwrites memory; the stores stay although nothing reads it any more.
void wipe_memory(void* memory, std::size_t bytes) noexcept;

/// Whether two secrets of one length are equal.
///
/// Shape   equal lengths; otherwise false.
/// Timing  depends on the lengths only.
[[nodiscard]] bool equal_secrets(Bytes a, Bytes b) noexcept;

/// Fills `out` from the system's generator.
///
/// Errors  the process ends if the system has no randomness: nothing that goes on would be safe.
void fill_random(MutableBytes out) noexcept;

/// A buffer on the heap. Cannot be copied; overwritten at its end.
class SecretBytes
{
  public:
    SecretBytes() noexcept = default;
    explicit SecretBytes(std::size_t bytes) : bytes_(bytes) {}
    explicit SecretBytes(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
    ~SecretBytes() { clear(); }
    SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept
    {
        if (this != &other)
        {
            clear();
            bytes_ = std::move(other.bytes_);
        }
        return *this;
    }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] std::uint8_t* data() noexcept { return bytes_.data(); }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return bytes_.data(); }
    [[nodiscard]] MutableBytes span() noexcept { return bytes_; }
    [[nodiscard]] Bytes span() const noexcept { return bytes_; }

    /// Keeps the first `bytes`, at most size(), and overwrites the others.
    void truncate(std::size_t bytes) noexcept;
    void clear() noexcept { truncate(0); }

  private:
    std::vector<std::uint8_t> bytes_;
};
}  // namespace mote::keystore
