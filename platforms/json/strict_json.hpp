// JSON that somebody else wrote: bounded, without names that appear twice, read field by field with an
// error that says where.
//
// The parser is nlohmann's. What is added: a limit on bytes and on depth, a refusal of objects in which
// a name appears twice (readers differ on which one counts), and typed reading of values.
//
//   const json::Document document(text, {.bytes_max = 65536});
//   const std::uint64_t n = document.root().member("params").member("n").integer(max);
//   // throws json::Error "params.n: not an unsigned integer"
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mote::json
{
/// The text is not what it should be; what() begins with the field, if there is one.
class Error : public std::runtime_error
{
  public:
    Error(const std::string& field, const std::string& reason)
        : std::runtime_error(field.empty() ? reason : field + ": " + reason)
    {
    }
};

struct Limits
{
    std::size_t bytes_max = 65536;
    std::size_t depth_max = 8;
};

/// A value and where it stands. Lives no longer than its document.
class Value
{
  public:
    Value(const nlohmann::json& value, std::string path) : value_(&value), path_(std::move(path)) {}

    /// The member of that name; throws Error unless this is an object that has it.
    [[nodiscard]] Value member(const char* name) const;
    /// The same, or nothing; throws Error unless this is an object.
    [[nodiscard]] std::optional<Value> find(const char* name) const;
    /// The elements of an array; throws Error if it is none, or has more than `count_max`.
    [[nodiscard]] std::vector<Value> elements(std::size_t count_max) const;

    /// An integer 0 .. max written as a number; throws Error if it is none.
    [[nodiscard]] std::uint64_t integer(std::uint64_t max) const;
    /// An integer 0 .. 2^64 - 1 written as a string of decimal digits without leading zeros.
    [[nodiscard]] std::uint64_t decimal() const;
    /// A string of at most `bytes_max` bytes.
    [[nodiscard]] const std::string& text(std::size_t bytes_max) const;
    /// Throws Error unless this is that string.
    void must_be(std::string_view wanted) const;
    /// Bytes as a string of hexadecimal digits, of either case, after `prefix`.
    ///
    /// Shape   bytes_min .. bytes_max bytes; throws Error otherwise.
    [[nodiscard]] std::vector<std::uint8_t> hex(std::size_t bytes_min, std::size_t bytes_max,
                                                std::string_view prefix = "") const;

    [[noreturn]] void fail(const std::string& reason) const { throw Error(path_, reason); }

  private:
    const nlohmann::json* value_;
    std::string path_;
};

class Document
{
  public:
    /// Throws Error: too long, too deep, not JSON, or a name that appears twice in an object.
    Document(std::string_view text, const Limits& limits);

    [[nodiscard]] Value root() const { return {value_, ""}; }

  private:
    nlohmann::json value_;
};

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const std::uint8_t* bytes, std::size_t count);
}  // namespace mote::json
