// A folder that goes away, and hexadecimal.
#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "json/strict_json.hpp"

namespace platform_test
{
using ByteVector = std::vector<std::uint8_t>;
using Json = nlohmann::json;
using mote::Bytes;

class Folder
{
  public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "mote-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }
    [[nodiscard]] std::size_t entries() const
    {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path_), {}));
    }

  private:
    std::filesystem::path path_;
};

inline ByteVector from_hex(std::string_view digits)
{
    if (digits.starts_with("0x"))
        digits.remove_prefix(2);
    ByteVector out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

inline std::string to_hex(Bytes bytes) { return mote::json::to_hex(bytes.data(), bytes.size()); }

inline ByteVector bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

inline ByteVector content_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void overwrite(const std::string& path, const ByteVector& content)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
    REQUIRE(file.good());
}

inline Json read_vectors(const std::string& name)
{
    std::ifstream file(std::string(MOTE_TEST_VECTORS) + "/" + name);
    REQUIRE(file.good());
    return Json::parse(file);
}
}  // namespace platform_test
