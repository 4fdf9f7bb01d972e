// The pool's journal on any bytes as its file: what it takes from them it finds again, and goes on.
#include <cstdlib>

#include "hash/keccak.hpp"
#include "qmdb/memory_disk.hpp"
#include "txpool/journal.hpp"

using namespace mote;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t record_max = 4096;
    qmdb::MemoryDisk disk;
    disk.open("pool.1", true)->write(0, {data, size});
    std::vector<std::vector<std::uint8_t>> found;
    {
        txpool::Journal journal(disk, record_max, 1);
        found = journal.take_found();
        if (journal.size() != found.size())
            std::abort();
        const std::uint8_t one[] = {1, 2, 3};
        journal.add(one);
        journal.remove(hash::keccak_256(Bytes(one)));
        journal.sync();
    }
    const std::vector<std::uint8_t> gone = {1, 2, 3};
    std::erase(found, gone);
    txpool::Journal again(disk, record_max);
    if (again.take_found() != found || again.cut_bytes() != 0)
        std::abort();
    return 0;
}
