// Vote records between machines: what a key has voted, as JSON, for a move of the key.
//
//   {"format": "1", "chain_id": "0x..", "records": [
//     {"pubkey": "0x..", "epoch": "3", "view": "17", "two": "nullify"}]}
//
// Exporting ends the key here: its record is retired and flushed before the text leaves. Importing only
// ever raises a record, to (epoch, view) with both votes taken, so at that view nothing is signed
// whatever `two` says; it is there for people. A vote of which nobody knows what it was is "finalize", the
// word that forbids most. An import of just the view that a record stands at uses that view up: the other
// machine may have voted in it, too.
//
// Source  [CONSENSUS] section 7, after the manner of EIP-3076.
#pragma once

#include <optional>
#include <string_view>

#include "posix/store/record_file.hpp"

namespace mote::posix
{
inline constexpr std::size_t record_export_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t record_export_records_max = 4096;

struct ExportedRecord
{
    chain::PublicKey public_key{};
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    consensus::Second second = consensus::Second::none;
};

struct RecordExport
{
    chain::Digest chain_id{};
    std::vector<ExportedRecord> records;
};

/// Reads an export.
///
/// Errors  throws json::Error, which names the field.
[[nodiscard]] RecordExport parse_record_export(std::string_view text);

/// Writes it, with a line's end.
[[nodiscard]] std::string to_text(const RecordExport& exported);

/// Where an export stands for a key: the greatest of its records, or nothing if it has none.
[[nodiscard]] std::optional<ExportedRecord> position_of(const RecordExport& exported,
                                                        const chain::PublicKey& key);

/// The record to write after an import, or nothing if the record stands higher, or is retired.
///
/// A record with a reservation stands at the end of it.
[[nodiscard]] std::optional<consensus::VoteRecord> imported(const consensus::VoteRecord& record,
                                                            const ExportedRecord& position);

/// Retires the record of an opened file and says where it stood; a retired one only says so.
///
/// Errors  throws IoError if the record cannot be flushed, RecordUnusable if its seq is the last one.
[[nodiscard]] ExportedRecord retire_record(RecordFile& file, const std::string& path,
                                           const consensus::KeyName& name,
                                           const chain::PublicKey& key);
}  // namespace mote::posix
