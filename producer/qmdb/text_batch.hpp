// Text batches: blocks of operations as lines, for tools and tests.
//
//   put KEY VALUE        hexadecimal; VALUE - is an empty value
//   del KEY
//                        an empty line ends a block; so does the end of the file after an operation
//
// Source  [QMDB-FORMAT] section 7.
#pragma once

#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

#include "state/block_rules.hpp"

namespace mote::qmdb
{
/// A line is none of the above. Its block is void, those before it are not.
class TextError : public std::runtime_error
{
  public:
    TextError(std::uint64_t number, const std::string& what)
        : std::runtime_error("line " + std::to_string(number) + ": " + what), line(number)
    {
    }
    std::uint64_t line;
};

/// One block of a text; the operations point into it.
class TextBlock
{
  public:
    [[nodiscard]] std::vector<state::Operation> operations() const;
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    /// The line that an operation stood in, from 1.
    [[nodiscard]] std::uint64_t line(std::size_t operation) const { return items_[operation].line; }

  private:
    friend class TextBatch;
    struct Item
    {
        std::size_t begin, key_bytes, value_bytes;
        bool erase;
        std::uint64_t line;
    };
    std::vector<std::uint8_t> bytes_;
    std::vector<Item> items_;
};

class TextBatch
{
  public:
    explicit TextBatch(std::istream& in) : in_(in) {}
    /// Reads the next block; false at the end. Throws TextError.
    bool next(TextBlock& block);

  private:
    void parse(const std::string& text, TextBlock& block) const;

    std::istream& in_;
    std::uint64_t line_ = 0;
};
}  // namespace mote::qmdb
