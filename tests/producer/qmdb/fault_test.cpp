// Calls that fail, disks that are full, and bits that rot: the store says so, with file and place, and
// never goes on with something wrong.
#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"
#include "qmdb/fsck.hpp"

using namespace qmdb_test;
using mote::qmdb::Damage;
using mote::qmdb::Finding;
using mote::qmdb::fsck;
using mote::qmdb::FsckReport;
using mote::qmdb::IoError;

namespace
{
struct Sample
{
    std::vector<std::vector<Op>> blocks;
    std::vector<mote::state::Digest> roots;
    model::State last;

    Sample()
    {
        RandomBlocks random{SplitMix(41), 40, 15, 25, 40};
        roots.push_back(last.root());
        for (std::uint64_t i = 0; i < 12; ++i)
        {
            blocks.push_back(random.next());
            roots.push_back(last.apply(i + 1, blocks.back()));
        }
    }
};
const Sample& sample()
{
    static const Sample made;
    return made;
}

// Applies what is missing of the sample; returns how many blocks are safe.
std::uint64_t work(MemoryDisk& disk, std::uint64_t& safe)
{
    OpenOptions options;
    options.checkpoint_bytes = 3000;
    Store store(disk, options);
    safe = std::max(safe, store.head().ordinal);
    REQUIRE(store.head().root == sample().roots[store.head().ordinal]);
    while (store.head().ordinal < sample().blocks.size())
    {
        const std::uint64_t at = store.head().ordinal;
        apply(store, at + 1, sample().blocks[at]);
        REQUIRE(store.head().root == sample().roots[at + 1]);
        store.finalize();
        safe = at + 1;
    }
    return safe;
}

void make_sample(MemoryDisk& disk)
{
    create(disk);
    std::uint64_t safe = 0;
    REQUIRE(work(disk, safe) == sample().blocks.size());
}

bool names_file(const FsckReport& report, const std::string& file)
{
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const Finding& f) { return f.file == file; });
}
}  // namespace

TEST_CASE("each call fails once: EIO, a short write, a full disk; opened again, the store goes on")
{
    using F = MemoryDisk::Fault;
    const std::size_t step = mote::test::sanitized ? 37 : 1;
    for (const F fault : {F::io_error, F::short_write, F::disk_full})
        for (std::uint64_t call = 0;; call += step)
        {
            INFO("fault " << static_cast<int>(fault) << " at call " << call);
            MemoryDisk disk;
            create(disk);
            disk.plan(fault, call);
            std::uint64_t safe = 0;
            bool failed = false;
            try
            {
                work(disk, safe);
            }
            catch (const IoError& error)
            {
                failed = true;
                REQUIRE((error.code == EIO || error.code == ENOSPC));
            }
            const std::uint64_t before = safe;
            disk.free_space();
            disk.restart();
            REQUIRE(work(disk, safe) == sample().blocks.size());
            REQUIRE(safe >= before);
            if (!failed)
                break;
        }
}

TEST_CASE("a store that failed refuses to go on")
{
    MemoryDisk disk;
    create(disk);
    Store store(disk);
    apply(store, 1, sample().blocks[0]);
    disk.plan(MemoryDisk::Fault::io_error, 0);
    CHECK_THROWS_AS(store.finalize(), IoError);
    CHECK_THROWS_AS(store.finalize(), std::logic_error);
    CHECK_THROWS_AS(apply(store, 2, {}), std::logic_error);
    CHECK_THROWS_AS(store.get(Octets{1}), std::logic_error);
}

TEST_CASE("a bit that rots anywhere is found, and never becomes a root")
{
    MemoryDisk whole;
    make_sample(whole);
    mote::test::SplitMix random(42);
    const FsckReport clean = fsck(whole, false);
    REQUIRE(clean.findings.empty());
    REQUIRE(clean.opens);
    REQUIRE(clean.root == sample().roots.back());
    std::set<std::string> repaired;
    for (const std::string& name : whole.names())
    {
        if (name == "lock")
            continue;
        const int tries = mote::test::sanitized ? 3 : 25;
        for (int i = 0; i < tries; ++i)
        {
            MemoryDisk disk;
            make_sample(disk);
            // Which block a run ends with depends on how fast the one before was written.
            const std::size_t size = disk.exists(name) ? disk.content(name).size() : 0;
            if (size == 0)
                continue;
            const std::uint64_t byte = random.below(size);
            INFO(name << " byte " << byte);
            disk.flip(name, byte, static_cast<unsigned>(random.below(8)));
            const FsckReport found = fsck(disk, false);
            REQUIRE(names_file(found, name));
            if (found.opens)
                REQUIRE(found.root == sample().roots.back());
            for (const Finding& finding : found.findings)
                if (finding.file == name && name.rfind("log-", 0) == 0)
                    REQUIRE(finding.offset <= byte);
            const FsckReport after = fsck(disk, true);
            if (after.opens)
                REQUIRE(after.root == sample().roots.back());
            if (name == "superblock" || name.starts_with("changes-"))
            {
                REQUIRE(after.opens);
                REQUIRE(fsck(disk, false).findings.empty());
                repaired.insert(name);
            }
        }
    }
    CHECK(repaired.count("superblock") == 1);
    CHECK(repaired.size() > 1);
}

TEST_CASE("an entry that rots is not read, whatever asks for it")
{
    MemoryDisk disk;
    make_sample(disk);
    Store store(disk);
    std::size_t refused = 0;
    for (const auto& block : sample().blocks)
        for (const Op& op : block)
        {
            const auto truth = sample().last.get(op.key);
            if (!truth)
                continue;
            mote::qmdb::BlockMemory memory;
            const auto hash = mote::state::key_hash(op.key);
            const auto& shard = store.shard(mote::state::shard_of(hash));
            const auto found = shard.find(hash, op.key, memory);
            const auto [name, offset] = shard.log().place(found.position);
            disk.flip(name, offset + 60, 2);
            CHECK_THROWS_AS(store.get(op.key), Damage);
            CHECK_THROWS_AS(apply(store, 1000, {{op.key, Octets{1, 2, 3}}}), Damage);
            disk.flip(name, offset + 60, 2);
            REQUIRE(store.get(op.key) == truth);
            ++refused;
        }
    CHECK(refused > 20);
    REQUIRE(store.head().root == sample().roots.back());
}

TEST_CASE("both superblocks gone, another version, no store: said in words")
{
    MemoryDisk disk;
    make_sample(disk);
    disk.flip("superblock", 100, 0);
    disk.flip("superblock", 4096 + 100, 0);
    CHECK_THROWS_AS(Store(disk), Damage);
    const FsckReport report = fsck(disk, true);
    CHECK_FALSE(report.opens);
    CHECK(names_file(report, "superblock"));

    MemoryDisk empty;
    CHECK_THROWS_AS(fsck(empty, false), mote::qmdb::NotHere);

    std::array<std::uint8_t, mote::qmdb::superblock_bytes> bytes;
    mote::qmdb::Superblock super;
    super.segment_bytes = 4096;
    mote::qmdb::encode(super, bytes);
    REQUIRE(mote::qmdb::decode_superblock(bytes));
    bytes[4] = 2;  // before images by turns
    const auto digest = mote::hash::blake3(mote::Bytes(bytes).first(bytes.size() - 32));
    std::copy(digest.begin(), digest.end(), bytes.end() - 32);
    CHECK_THROWS_AS(mote::qmdb::decode_superblock(bytes), Damage);
}
