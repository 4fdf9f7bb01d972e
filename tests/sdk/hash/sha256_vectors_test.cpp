#include <catch2/catch.hpp>

#include "hash/sha256.hpp"
#include "hash_support.hpp"

using namespace hash_test;
using mote::hash::sha256;
using mote::hash::Sha256;

namespace
{
void check_file(const char* name, std::size_t count)
{
    const std::vector<Record> records = parse_records(read_vectors(name));
    REQUIRE(records.size() == count);
    for (const Record& record : records)
    {
        INFO(name << ": " << record.message.size() << " bytes");
        REQUIRE(to_hex(sha256(record.message)) == record.digest);

        Sha256 hash;
        update_in_pieces(hash, record.message, 1);
        std::array<std::uint8_t, 32> digest;
        hash.finish(digest);
        REQUIRE(to_hex(digest) == record.digest);
    }
}
}  // namespace

TEST_CASE("SHA-256 vectors: NIST short messages") { check_file("SHA256ShortMsg.rsp", 50); }

TEST_CASE("SHA-256 vectors: NIST long messages") { check_file("SHA256LongMsg.rsp", 18); }
