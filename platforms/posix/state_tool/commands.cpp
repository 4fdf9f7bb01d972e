#include "commands.hpp"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "output.hpp"
#include "qmdb/fsck.hpp"
#include "qmdb/metrics.hpp"
#include "qmdb/posix_disk.hpp"
#include "qmdb/prover.hpp"
#include "qmdb/text_batch.hpp"
#include "state/answer.hpp"

namespace mote::state_tool
{
namespace
{
constexpr int done = 0, answer_is_no = 1, malformed = 2;

using qmdb::PosixDisk;
using qmdb::Store;
using state::Digest;

// For commands that only look: nothing is cut, repaired or checkpointed.
qmdb::OpenOptions reading(const Common& common)
{
    qmdb::OpenOptions options;
    options.workers = common.workers;
    options.events = log_to(common.log);
    options.write = false;
    options.checkpoint_on_close = false;
    return options;
}

Json height_json(std::uint64_t height)
{
    return height == qmdb::no_height ? Json(nullptr) : Json(height);
}

std::string height_text(std::uint64_t height)
{
    return height == qmdb::no_height ? "created" : std::to_string(height);
}

void print_block(const Common& common, const qmdb::BlockRecord& block)
{
    if (common.json)
        print_json({{"height", height_json(block.height)}, {"root", to_hex(block.root)}});
    else
        std::printf("%s %s\n", height_text(block.height).c_str(), to_hex(block.root).c_str());
}

// Raw bytes to a file, or hexadecimal to standard output.
void give(const Common& common, const char* name, Bytes bytes, const Digest* root,
          const std::string& out)
{
    if (!out.empty())
        write_file(out, bytes);
    if (common.json)
    {
        Json object = {{"root", to_hex(*root)}, {"bytes", bytes.size()}};
        object[name] = out.empty() ? Json(to_hex(bytes)) : Json(nullptr);
        print_json(object);
    }
    else if (out.empty())
        std::printf("%s\n", to_hex(bytes).c_str());
    else
        std::printf("%zu bytes in %s\n", bytes.size(), out.c_str());
}

std::vector<std::uint8_t> hex_argument(const std::string& text) { return from_hex(text).value(); }

// A proof as prove writes it: raw, or hexadecimal with an end of line.
std::vector<std::uint8_t> read_proof(const std::string& name)
{
    std::vector<std::uint8_t> bytes = read_file(name);
    if (bytes.size() >= 4 && bytes[0] == 'm' && bytes[1] == 'q')
        return bytes;
    std::string text(bytes.begin(), bytes.end());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    if (auto decoded = from_hex(text); decoded && !text.empty())
        return *decoded;
    return bytes;
}

const char* fault_text(state::Fault fault)
{
    switch (fault)
    {
        case state::Fault::truncated:
            return "bytes are missing";
        case state::Fault::trailing:
            return "bytes are left over";
        case state::Fault::magic:
            return "not a proof";
        case state::Fault::shard_mask:
            return "shard mask";
        case state::Fault::next_sn:
            return "next serial number out of range";
        case state::Fault::entry_count:
            return "no entry";
        case state::Fault::chunk_count:
            return "extra chunks in a proof";
        case state::Fault::entry:
            return "not an entry";
        case state::Fault::entry_order:
            return "serial numbers out of order";
        case state::Fault::entry_padding:
            return "padding that is not zero";
        case state::Fault::root:
            return "leads to another root";
        default:
            return "malformed";
    }
}
}  // namespace

int create(const Common& common, std::uint64_t segment_bytes)
{
    PosixDisk disk(common.store, true);
    qmdb::CreateOptions options;
    options.segment_bytes = segment_bytes;
    Store::create(disk, options);
    const Store store(disk, reading(common));
    print_block(common, store.head());
    return done;
}

int apply(const Common& common, const std::string& file)
{
    PosixDisk disk(common.store);
    qmdb::OpenOptions options;
    options.workers = common.workers;
    options.events = log_to(common.log);
    Store store(disk, options);
    std::ifstream stream;
    if (file != "-")
    {
        stream.open(file, std::ios::binary);
        if (!stream)
            throw std::runtime_error(file + ": cannot be opened");
    }
    qmdb::TextBatch batch(file == "-" ? std::cin : stream);
    qmdb::TextBlock block;
    while (batch.next(block))
    {
        const std::uint64_t height = store.head().height;
        try
        {
            store.apply(height == qmdb::no_height ? 1 : height + 1, block.operations());
        }
        catch (const qmdb::BatchError& error)
        {
            throw qmdb::TextError(block.line(static_cast<std::size_t>(error.operation)),
                                  error.what());
        }
        store.finalize();
        print_block(common, store.head());
        // Whoever reads along knows what is safe.
        if (std::fflush(stdout) != 0)
            return malformed;
    }
    return done;
}

int root(const Common& common, std::optional<std::uint64_t> height)
{
    PosixDisk disk(common.store);
    Store store(disk, reading(common));
    print_block(common, height ? store.block_at(*height) : store.head());
    return done;
}

int get(const Common& common, const std::string& key)
{
    PosixDisk disk(common.store);
    Store store(disk, reading(common));
    const auto value = store.get(hex_argument(key));
    if (common.json)
        print_json({{"key", key},
                    {"present", value.has_value()},
                    {"value", value ? Json(to_hex(*value)) : Json(nullptr)},
                    {"height", height_json(store.head().height)}});
    else if (value)
        std::printf("%s\n", value->empty() ? "-" : to_hex(*value).c_str());
    else
        std::printf("absent\n");
    return value ? done : answer_is_no;
}

int prove(const Common& common, const std::string& key, std::optional<std::uint64_t> height,
          const std::string& out)
{
    PosixDisk disk(common.store);
    Store store(disk, reading(common));
    qmdb::Selection selection;
    if (height)
        select_past(store, hex_argument(key), *height, selection);
    else
        select_key(store, hex_argument(key), selection);
    const auto proof = build_proof(store, selection);
    const Digest root = store.head().root;
    give(common, "proof", proof, &root, out);
    return done;
}

int verify(const Common& common, const std::string& proof, const std::string& root,
           const std::string& key, std::optional<std::uint64_t> height)
{
    const std::vector<std::uint8_t> bytes = read_proof(proof), key_bytes = hex_argument(key);
    Digest expected;
    const std::vector<std::uint8_t> root_bytes = hex_argument(root);
    std::copy(root_bytes.begin(), root_bytes.end(), expected.begin());

    const std::size_t memory_bytes = state::open_memory_bytes(bytes.size());
    std::vector<std::max_align_t> memory(memory_bytes / sizeof(std::max_align_t) + 1);
    Arena arena(memory.data(), memory_bytes);
    state::Opened opened;
    state::Defect defect;
    const Status status = state::open_proof(bytes, expected, arena, opened, defect);
    Bytes value;
    state::Answer answer = state::Answer::unproven;
    if (status == Status::ok)
        answer = height ? state::answer_after(opened, key_bytes, *height, value)
                        : state::answer(opened, key_bytes, value);
    const char* const said = status == Status::malformed        ? "malformed"
                             : status != Status::ok             ? "rejected"
                             : answer == state::Answer::present ? "present"
                             : answer == state::Answer::absent  ? "absent"
                                                                : "unproven";
    if (common.json)
        print_json(
            {{"answer", said},
             {"value", answer == state::Answer::present ? Json(to_hex(value)) : Json(nullptr)},
             {"reason", status == Status::ok ? Json(nullptr) : Json(fault_text(defect.fault))},
             {"offset", status == Status::malformed ? Json(defect.offset) : Json(nullptr)}});
    else if (status == Status::malformed)
        std::printf("%s: %s at byte %" PRIu64 "\n", said, fault_text(defect.fault), defect.offset);
    else if (status != Status::ok)
        std::printf("%s: %s\n", said, fault_text(defect.fault));
    else if (answer == state::Answer::present)
        std::printf("%s %s\n", said, value.empty() ? "-" : to_hex(value).c_str());
    else
        std::printf("%s\n", said);
    if (status == Status::malformed)
        return malformed;
    return answer == state::Answer::unproven ? answer_is_no : done;
}

int witness(const Common& common, const std::string& file, const std::vector<std::string>& reads,
            const std::string& out)
{
    PosixDisk disk(common.store);
    Store store(disk, reading(common));
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw std::runtime_error(file + ": cannot be opened");
    qmdb::TextBatch batch(stream);
    qmdb::TextBlock block, more;
    if (!batch.next(block))
        throw qmdb::TextError(1, "no block");
    if (batch.next(more))
        throw std::runtime_error(file + ": a witness is of one block");
    std::vector<std::vector<std::uint8_t>> keys;
    for (const std::string& key : reads)
        keys.push_back(hex_argument(key));
    const std::vector<qmdb::ByteView> views(keys.begin(), keys.end());
    const auto bytes = build_witness(store, block.operations(), views);
    const Digest root = store.head().root;
    give(common, "witness", bytes, &root, out);
    return done;
}

int stats(const Common& common, bool prometheus)
{
    PosixDisk disk(common.store);
    const Store store(disk, reading(common));
    const qmdb::StoreStats s = store.stats();
    if (prometheus)
    {
        std::printf("%s", qmdb::to_prometheus(s).c_str());
        return done;
    }
    Json object = {{"height", height_json(store.head().height)},
                   {"root", to_hex(store.head().root)},
                   {"keys", s.keys},
                   {"entries", s.entries},
                   {"blocks", s.blocks},
                   {"log_bytes", s.log_bytes},
                   {"index_bytes", s.index_bytes},
                   {"twig_bytes", s.twig_bytes},
                   {"replayed_entries", s.replayed_entries},
                   {"segment_bytes", store.superblock().segment_bytes},
                   {"kept_block", store.superblock().kept_ordinal}};
    if (common.json)
        print_json(object);
    else
        for (const auto& [name, value] : object.items())
            std::printf("%-18s %s\n", name.c_str(),
                        value.is_string() ? value.get<std::string>().c_str()
                        : value.is_null() ? "-"
                                          : value.dump().c_str());
    return done;
}

int fsck(const Common& common, bool repair)
{
    PosixDisk disk(common.store);
    const qmdb::FsckReport report = qmdb::fsck(disk, repair);
    bool good = report.opens;
    for (const qmdb::Finding& finding : report.findings)
    {
        good = good && finding.repaired;
        if (common.json)
            print_json({{"file", finding.file},
                        {"offset", finding.offset},
                        {"finding", finding.what},
                        {"repaired", finding.repaired}});
        else
            std::printf("%s at byte %" PRIu64 ": %s%s\n", finding.file.c_str(), finding.offset,
                        finding.what.c_str(), finding.repaired ? " (repaired)" : "");
    }
    if (common.json)
        print_json({{"opens", report.opens},
                    {"intact", good},
                    {"height", height_json(report.height)},
                    {"root", report.opens ? Json(to_hex(report.root)) : Json(nullptr)},
                    {"entries", report.entries},
                    {"blocks", report.blocks}});
    else if (report.opens)
        std::printf("%s: %" PRIu64 " entries, %" PRIu64 " block records; root %s\n",
                    good ? "intact" : "damaged", report.entries, report.blocks,
                    to_hex(report.root).c_str());
    else
        std::printf("damaged: the store does not open\n");
    return good ? done : answer_is_no;
}
}  // namespace mote::state_tool
