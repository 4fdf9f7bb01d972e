// What the hash tests share: hex, the message pattern of the vector files, their two text formats.
//
// Digests are compared as hex text, so that a failure prints both in full.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <random>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace hash_test
{
using ByteVector = std::vector<std::uint8_t>;

inline std::string to_hex(mote::Bytes bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t b : bytes)
    {
        text += digits[b >> 4];
        text += digits[b & 15];
    }
    return text;
}

inline ByteVector from_hex(const std::string& text)
{
    const auto digit = [](char c) -> unsigned
    {
        if (c >= '0' && c <= '9')
            return static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f')
            return static_cast<unsigned>(c - 'a') + 10;
        if (c >= 'A' && c <= 'F')
            return static_cast<unsigned>(c - 'A') + 10;
        throw std::runtime_error("not a hex digit");
    };
    if (text.size() % 2 != 0)
        throw std::runtime_error("odd number of hex digits");
    ByteVector bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
    return bytes;
}

inline std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Byte i is i mod 251, a period that no block length divides.
inline ByteVector pattern(std::size_t bytes)
{
    ByteVector message(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        message[i] = static_cast<std::uint8_t>(i % 251);
    return message;
}

inline mote::Bytes text_bytes(const std::string& text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string read_vectors(const std::string& name)
{
    const std::string path = std::string(MOTE_TEST_VECTORS) + "/hash/" + name;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Record
{
    ByteVector message;
    std::string digest;  // lower case hex
};

/// Parses the records of a NIST response file ("Len", "Msg", "MD"; Len in bits) or of a Botan vector
/// file ("In", "Out"). A line that is neither such a field, a comment, a section nor empty throws.
inline std::vector<Record> parse_records(const std::string& text)
{
    std::vector<Record> records;
    Record record;
    std::size_t announced_bits = SIZE_MAX;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.empty() || line[0] == '#' || line[0] == '[')
            continue;
        const std::size_t equals = line.find(" =");
        if (equals == std::string::npos)
            throw std::runtime_error("unexpected line: " + line);
        const std::string key = line.substr(0, equals);
        const std::string value = line.size() > equals + 3 ? line.substr(equals + 3) : "";
        if (key == "Len")
            announced_bits = std::stoul(value);
        else if (key == "Msg" || key == "In")
        {
            record.message = from_hex(value);
            if (key == "Msg" && announced_bits == 0)
                record.message.clear();  // NIST writes a dummy byte
            if (key == "Msg" && record.message.size() * 8 != announced_bits)
                throw std::runtime_error("Len disagrees with Msg");
        }
        else if (key == "MD" || key == "Out")
        {
            record.digest = lower(value);
            records.push_back(record);
            record = {};
        }
        else
            throw std::runtime_error("unexpected field: " + key);
    }
    return records;
}

/// Feeds `message` to `hash` in pieces of `piece_bytes`, the last one perhaps shorter.
template <typename Hash>
void update_in_pieces(Hash& hash, mote::Bytes message, std::size_t piece_bytes)
{
    while (!message.empty())
    {
        const std::size_t n = std::min(piece_bytes, message.size());
        hash.update(message.first(n));
        message = message.subspan(n);
    }
}

/// Feeds `message` to `hash` in pieces of random length, among them empty ones with and without an
/// address. Each piece lies in memory of its own, so that a sanitizer sees reads beyond it.
template <typename Hash>
void update_at_random(Hash& hash, mote::Bytes message, std::mt19937& random)
{
    const std::size_t piece_bytes_max = std::size_t{1} << (random() % 10);
    while (!message.empty())
    {
        const std::size_t n =
            std::min<std::size_t>(random() % (piece_bytes_max + 1), message.size());
        const ByteVector piece(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(n));
        hash.update(piece);
        if (random() % 4 == 0)
            hash.update({});
        message = message.subspan(n);
    }
}
}  // namespace hash_test
