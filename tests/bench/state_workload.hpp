// The work that state stores are compared on: the same keys, values and order for all of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace bench
{
class Workload
{
  public:
    static constexpr std::uint64_t block_updates = 10'000;
    static constexpr std::size_t key_bytes = 20, value_bytes = 14;

    class Block
    {
      public:
        [[nodiscard]] std::size_t count() const { return bytes_.size() / item; }
        [[nodiscard]] std::span<const std::uint8_t> key(std::size_t i) const
        {
            return std::span(bytes_).subspan(i * item, key_bytes);
        }
        [[nodiscard]] std::span<const std::uint8_t> value(std::size_t i) const
        {
            return std::span(bytes_).subspan(i * item + key_bytes, value_bytes);
        }

      private:
        friend class Workload;
        static constexpr std::size_t item = key_bytes + value_bytes;
        std::vector<std::uint8_t> bytes_;
    };

    explicit Workload(std::uint64_t keys) : keys_(keys) {}

    [[nodiscard]] bool more_to_load() const { return loaded_ < keys_; }
    const Block& load(std::uint64_t count)
    {
        block_.bytes_.clear();
        for (std::uint64_t i = 0; i < count && loaded_ < keys_; ++i)
            put(loaded_++);
        return block_;
    }
    const Block& updates()
    {
        block_.bytes_.clear();
        for (std::uint64_t i = 0; i < block_updates; ++i)
            put(mix(drawn_++) % keys_);
        return block_;
    }
    [[nodiscard]] static std::array<std::uint8_t, key_bytes> key(std::uint64_t number)
    {
        std::array<std::uint8_t, key_bytes> out = {};
        for (std::size_t b = 0; b < 8; ++b)
            out[b] = static_cast<std::uint8_t>(number >> 8 * b);
        return out;
    }

  private:
    static std::uint64_t mix(std::uint64_t n)
    {
        n += 0x9e3779b97f4a7c15;
        n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
        n = (n ^ n >> 27) * 0x94d049bb133111eb;
        return n ^ n >> 31;
    }
    void put(std::uint64_t number)
    {
        const auto k = key(number);
        block_.bytes_.insert(block_.bytes_.end(), k.begin(), k.end());
        std::uint64_t value = mix(~(number + 31 * ++written_));
        for (std::size_t b = 0; b < value_bytes; ++b)
        {
            block_.bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * (b % 8)));
            if (b == 7)
                value = mix(value);
        }
    }

    std::uint64_t keys_, loaded_ = 0, drawn_ = 1, written_ = 0;
    Block block_;
};
}  // namespace bench
