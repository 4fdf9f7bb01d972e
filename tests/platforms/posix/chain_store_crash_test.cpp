// A process that writes is killed again and again: what it was told is safe, is.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "platforms/platform_support.hpp"
#include "posix/store/chain_store.hpp"

using namespace mote::posix;
using namespace platform_test;

namespace
{
ItemKey key_of(std::uint64_t number) { return {.kind = ItemKind::header, .height = number}; }
ByteVector value_of(std::uint64_t number)
{
    return ByteVector(500, static_cast<std::uint8_t>(number));
}

[[noreturn]] void write_until_killed(const std::string& path, int out, std::uint64_t number)
{
    try
    {
        ChainStore store(path);
        while (true)
        {
            ChainStore::Transaction all(store);
            store.put(key_of(2 * number), value_of(number));
            store.put(key_of(2 * number + 1), value_of(number));
            all.commit();
            if (::write(out, &number, sizeof number) != sizeof number)
                ::_exit(4);
            ++number;
        }
    }
    catch (const std::exception&)
    {
        ::_exit(5);
    }
}
}  // namespace

TEST_CASE("Store: what was committed before a kill is there, and nothing by halves")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    std::mt19937 random(11);
    std::uint64_t next = 0;
    for (int round = 0; round < 12; ++round)
    {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0)
        {
            ::close(ends[0]);
            write_until_killed(path, ends[1], next);
        }
        ::close(ends[1]);
        std::size_t left = random() % 30 + 1;
        std::uint64_t told = 0;
        while (::read(ends[0], &told, sizeof told) == sizeof told)
        {
            next = told + 1;
            if (left > 0 && --left == 0)
                ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));

        ChainStore store(path, {.check = true});
        for (std::uint64_t number = 0; number < next; ++number)
        {
            REQUIRE(store.get(key_of(2 * number)) == value_of(number));
            REQUIRE(store.get(key_of(2 * number + 1)) == value_of(number));
        }
        // The one it was at when it died.
        CHECK(store.get(key_of(2 * next)) == store.get(key_of(2 * next + 1)));
        if (store.get(key_of(2 * next)))
            ++next;
    }
    CHECK(next >= 12);
}
