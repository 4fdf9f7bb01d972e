// RocksDB on the work of bench_qmdb: bare, and with a state root after each block.
//
//   bench_qmdb_rocksdb --keys N [--updates N] [--folder DIR]
//
// Bare: each update reads its key and writes it; a block is one batch, synced. With a root: keys are
// kept under their hash, so that neighbours lie together; a leaf of the tree is the hash of all keys
// with one prefix (4 on average), inner nodes have 16 children and are records of 512 bytes beside the
// state. After the batch the touched leaves are hashed again from the database, then the nodes above
// them, level by level; the second batch is synced. BLAKE3 is the same code as ours.
//
// Options are RocksDB's own, but for a Bloom filter of 10 bits and a block cache of 1 GiB.
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bench/state_workload.hpp"
#include "hash/blake3.hpp"

namespace
{
using bench::Workload;
using Clock = std::chrono::steady_clock;
using Hash = std::array<std::uint8_t, 32>;

void must(const rocksdb::Status& status)
{
    if (!status.ok())
    {
        std::fprintf(stderr, "bench_qmdb_rocksdb: %s\n", status.ToString().c_str());
        std::exit(1);
    }
}

rocksdb::Slice slice(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Peer
{
  public:
    Peer(const std::string& folder, std::uint64_t keys, bool with_root) : with_root_(with_root)
    {
        std::filesystem::remove_all(folder);
        rocksdb::Options options;
        options.create_if_missing = true;
        rocksdb::BlockBasedTableOptions table;
        table.block_cache = rocksdb::NewLRUCache(std::size_t{1} << 30);
        table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
        options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
        rocksdb::DB* db = nullptr;
        must(rocksdb::DB::Open(options, folder, &db));
        db_.reset(db);
        while ((std::uint64_t{4} << 4 * depth_) < keys)
            ++depth_;
    }

    void apply(const Workload::Block& block)
    {
        rocksdb::WriteBatch batch;
        std::map<std::uint64_t, bool> leaves;
        std::string old;
        for (std::size_t i = 0; i < block.count(); ++i)
        {
            std::string key = "s";
            if (with_root_)
            {
                const Hash hash = mote::hash::blake3(block.key(i));
                key.append(reinterpret_cast<const char*>(hash.data()), hash.size());
                leaves[leaf_of(hash)] = true;
            }
            key.append(slice(block.key(i)).data(), block.key(i).size());
            const rocksdb::Status status = db_->Get({}, key, &old);
            if (!status.ok() && !status.IsNotFound())
                must(status);
            batch.Put(key, slice(block.value(i)));
        }
        rocksdb::WriteOptions write;
        write.sync = !with_root_;
        must(db_->Write(write, &batch));
        if (with_root_)
            update_root(leaves);
    }

  private:
    [[nodiscard]] std::uint64_t leaf_of(const Hash& hash) const
    {
        std::uint64_t top = 0;
        for (int i = 0; i < 8; ++i)
            top = top << 8 | hash[static_cast<std::size_t>(i)];
        return depth_ == 0 ? 0 : top >> (64 - 4 * depth_);
    }

    Hash hash_leaf(rocksdb::Iterator& at, std::uint64_t leaf) const
    {
        std::string from = "s";
        const std::uint64_t top = depth_ == 0 ? 0 : leaf << (64 - 4 * depth_);
        for (int i = 7; i >= 0; --i)
            from.push_back(static_cast<char>(top >> 8 * i));
        mote::hash::Blake3 hasher;
        for (at.Seek(from); at.Valid() && at.key()[0] == 's'; at.Next())
        {
            Hash hash;
            std::memcpy(hash.data(), at.key().data() + 1, hash.size());
            if (leaf_of(hash) != leaf)
                break;
            const auto bytes = [](const rocksdb::Slice& s)
            { return mote::Bytes(reinterpret_cast<const std::uint8_t*>(s.data()), s.size()); };
            hasher.update(bytes(at.key()));
            hasher.update(bytes(at.value()));
        }
        must(at.status());
        Hash out;
        hasher.finish(out);
        return out;
    }

    void update_root(const std::map<std::uint64_t, bool>& leaves)
    {
        std::map<std::uint64_t, Hash> row;
        {
            const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
            for (const auto& [leaf, touched] : leaves)
                row[leaf] = hash_leaf(*at, leaf);
        }
        rocksdb::WriteBatch batch;
        for (unsigned level = 0; level < depth_; ++level)
        {
            std::map<std::uint64_t, Hash> above;
            for (auto at = row.begin(); at != row.end();)
            {
                const std::uint64_t parent = at->first >> 4;
                std::string key = "n";
                key.push_back(static_cast<char>(level));
                for (int i = 7; i >= 0; --i)
                    key.push_back(static_cast<char>(parent >> 8 * i));
                std::string node;
                if (!db_->Get({}, key, &node).ok())
                    node.assign(512, '\0');
                for (; at != row.end() && at->first >> 4 == parent; ++at)
                    std::memcpy(node.data() + 32 * (at->first & 15), at->second.data(), 32);
                batch.Put(key, node);
                above[parent] = mote::hash::blake3(
                    {reinterpret_cast<const std::uint8_t*>(node.data()), node.size()});
            }
            row = std::move(above);
        }
        batch.Put("root", slice(row.begin()->second));
        rocksdb::WriteOptions write;
        write.sync = true;
        must(db_->Write(write, &batch));
    }

    std::unique_ptr<rocksdb::DB> db_;
    bool with_root_;
    unsigned depth_ = 0;
};
}  // namespace

int main(int argc, char** argv)
{
    std::uint64_t keys = 1'000'000, updates = 200'000;
    std::string folder = "build/bench-state-rocksdb";
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--keys")
            keys = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--updates")
            updates = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--folder")
            folder = argv[i + 1];
        else
        {
            std::fprintf(stderr, "bench_qmdb_rocksdb: what is %s?\n", argv[i]);
            return 2;
        }
    }
    for (const bool with_root : {false, true})
    {
        double loaded = 0, updated = 0;
        {
            Workload workload(keys);
            Peer peer(folder, keys, with_root);
            auto start = Clock::now();
            while (workload.more_to_load())
                peer.apply(workload.load(100'000));
            loaded = static_cast<double>(keys) /
                     std::chrono::duration<double>(Clock::now() - start).count();
            start = Clock::now();
            for (std::uint64_t n = 0; n < updates; n += Workload::block_updates)
                peer.apply(workload.updates());
            updated = static_cast<double>(updates) /
                      std::chrono::duration<double>(Clock::now() - start).count();
        }
        std::printf("%9llu keys, RocksDB %-12s %8.0f loaded/s, %8.0f updates/s\n",
                    static_cast<unsigned long long>(keys),
                    with_root ? "with a root:" : "bare:", loaded, updated);
        std::fflush(stdout);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
