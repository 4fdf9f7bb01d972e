#include "qmdb/text_batch.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "tools/state_history.hpp"

using mote::qmdb::TextBatch;
using mote::qmdb::TextBlock;
using mote::qmdb::TextError;

namespace
{
std::vector<std::size_t> sizes(const std::string& text)
{
    std::istringstream in(text);
    TextBatch batch(in);
    TextBlock block;
    std::vector<std::size_t> out;
    while (batch.next(block))
        out.push_back(block.size());
    return out;
}

std::uint64_t wrong_line(const std::string& text)
{
    std::istringstream in(text);
    TextBatch batch(in);
    TextBlock block;
    try
    {
        while (batch.next(block))
        {
        }
    }
    catch (const TextError& error)
    {
        return error.line;
    }
    return 0;
}
}  // namespace

TEST_CASE("blocks end at empty lines and at the end of the file")
{
    using Sizes = std::vector<std::size_t>;
    CHECK(sizes("").empty());
    CHECK(sizes("\n") == Sizes{0});
    CHECK(sizes("\n\n") == Sizes{0, 0});
    CHECK(sizes("put 01 02\n") == Sizes{1});
    CHECK(sizes("put 01 02") == Sizes{1});
    CHECK(sizes("put 01 02\n\n") == Sizes{1});
    CHECK(sizes("put 01 02\n\n\ndel 01\ndel 02\n\n\n") == Sizes{1, 0, 2, 0});
}

TEST_CASE("fields come out as they went in")
{
    std::istringstream in("put 00fF -\ndel aB\nput 01 0203\n");
    TextBatch batch(in);
    TextBlock block;
    REQUIRE(batch.next(block));
    const auto ops = block.operations();
    REQUIRE(ops.size() == 3);
    CHECK(mote::test::hex(ops[0].key.data(), ops[0].key.size()) == "00ff");
    CHECK((ops[0].value.empty() && !ops[0].erase));
    CHECK((ops[1].erase && ops[1].key[0] == 0xab));
    CHECK(mote::test::hex(ops[2].value.data(), ops[2].value.size()) == "0203");
    CHECK(block.line(2) == 3);
    CHECK_FALSE(batch.next(block));
}

TEST_CASE("any other line is an error that names its number")
{
    const std::string good = "put 01 02\n\n";
    for (const std::string bad :
         {"put",        "put ",         "put 01",     "put 01 ",   "put  01 02",
          "put 01  02", "put 0 02",     "put 01 2",   "put 0g 02", "put 01 0x",
          "put 01 02 ", "put 01 02 03", " put 01 02", "PUT 01 02", "del",
          "del ",       "del 1",        "del 01 ",    "del 01 02", "put 01 --",
          "put - 01",   "put 01 02\r",  "#",          " ",         "\t"})
    {
        INFO(bad);
        CHECK(wrong_line(good + bad + "\n") == 3);
        CHECK(wrong_line(good + bad) == 3);
    }
    const std::string key(512, 'a'), value(131072, 'b');
    CHECK(wrong_line("put " + key + " 01\n") == 1);
    CHECK(wrong_line("put " + key.substr(2) + " 01\n") == 0);
    CHECK(wrong_line("del " + key + "\n") == 1);
    CHECK(wrong_line("put 01 " + value + "\n") == 1);
    CHECK(wrong_line("put 01 " + value.substr(2) + "\n") == 0);
}
