#include "posix/store/record_exchange.hpp"

#include <algorithm>
#include <tuple>

#include "consensus/voter.hpp"
#include "json/strict_json.hpp"

namespace mote::posix
{
namespace
{
using consensus::RecordState;
using consensus::Second;
using consensus::VoteRecord;
using json::Value;
using Json = nlohmann::ordered_json;

template <class Array>
Array fixed(const Value& value)
{
    Array out;
    const auto bytes = value.hex(out.size(), out.size(), "0x");
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

template <class Array>
std::string hex_of(const Array& bytes)
{
    return "0x" + json::to_hex(bytes.data(), bytes.size());
}

Second parse_second(const Value& value)
{
    const std::string& word = value.text(16);
    if (word == "nullify")
        return Second::nullify;
    if (word == "finalize")
        return Second::finalize;
    if (word != "none")
        value.fail("not \"none\", \"nullify\" or \"finalize\"");
    return Second::none;
}

const char* word_of(Second second)
{
    if (second == Second::none)
        return "none";
    return second == Second::nullify ? "nullify" : "finalize";
}
}  // namespace

RecordExport parse_record_export(std::string_view text)
{
    const json::Document document(text, {.bytes_max = record_export_bytes_max, .depth_max = 4});
    const Value root = document.root();
    root.member("format").must_be("1");
    RecordExport out;
    out.chain_id = fixed<chain::Digest>(root.member("chain_id"));
    for (const Value& record : root.member("records").elements(record_export_records_max))
        out.records.push_back({fixed<chain::PublicKey>(record.member("pubkey")),
                               record.member("epoch").decimal(), record.member("view").decimal(),
                               parse_second(record.member("two"))});
    return out;
}

std::string to_text(const RecordExport& exported)
{
    Json records = Json::array();
    for (const ExportedRecord& record : exported.records)
        records.push_back({{"pubkey", hex_of(record.public_key)},
                           {"epoch", std::to_string(record.epoch)},
                           {"view", std::to_string(record.view)},
                           {"two", word_of(record.second)}});
    const Json root = {
        {"format", "1"}, {"chain_id", hex_of(exported.chain_id)}, {"records", records}};
    return root.dump(2) + "\n";
}

std::optional<ExportedRecord> position_of(const RecordExport& exported, const chain::PublicKey& key)
{
    std::optional<ExportedRecord> out;
    for (const ExportedRecord& record : exported.records)
        if (record.public_key == key &&
            (!out || std::tie(record.epoch, record.view) > std::tie(out->epoch, out->view)))
            out = record;
    return out;
}

std::optional<VoteRecord> imported(const VoteRecord& record, const ExportedRecord& position)
{
    VoteRecord out;
    if (consensus::raise(record, position.epoch, position.view, out))
        return out;
    const bool used_up = record.first == consensus::First::used && record.second == Second::used;
    if (record.state != RecordState::exact || record.seq == UINT64_MAX || used_up ||
        record.epoch != position.epoch || record.view != position.view)
        return std::nullopt;
    out = consensus::first_record();
    out.seq = record.seq + 1;
    out.epoch = record.epoch;
    out.view = record.view;
    out.lease_nonce = record.lease_nonce;
    return out;
}

ExportedRecord retire_record(RecordFile& file, const std::string& path,
                             const consensus::KeyName& name, const chain::PublicKey& key)
{
    if (file.record().state != RecordState::retired)
    {
        consensus::Voter voter;
        if (voter.open(file.record(), name, consensus::VoteMode::exact) != Status::ok)
            throw RecordUnusable(path, "its seq is the last one there is");
        const consensus::Step step = voter.retire();
        if (!file.write(step.offset, step.record))
            throw IoError(path, "write", file.error());
    }
    const VoteRecord& record = file.record();
    return {key, record.epoch, record.view, record.second};
}
}  // namespace mote::posix
