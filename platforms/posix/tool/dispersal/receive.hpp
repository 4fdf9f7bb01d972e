// Receiving a share: the frames of a file go through the checks of the core.
#pragma once

#include <optional>

#include "dispersal/folder.hpp"
#include "svid/share.hpp"

namespace mote::tool
{
/// What became of a share.
struct Received
{
    svid::Verdict verdict;
    svid::Params params;
    std::optional<std::string> malformed;  ///< the frames do not parse; no step counts then
    std::uint32_t rows = 0;                ///< verified
    std::uint64_t bytes = 0;               ///< of the file
};

/// Steps 1 to 3 of the header of a folder.
struct CheckedHeader
{
    svid::Header header;
    svid::HeaderBytes bytes{};
    svid::Params params;
    svid::Fault fault = svid::Fault::none;
};
CheckedHeader check_folder_header(const std::filesystem::path& folder, const Dispersed& dispersed);

/// Ranges of all validators for a checked header.
std::vector<svid::AssignedRange> assigned_ranges(const Dispersed& dispersed,
                                                 const svid::Header& header);

/// Ascending row numbers of a range.
std::vector<std::uint32_t> rows_of(const svid::AssignedRange& range, std::uint32_t rows);

/// Passes `frames` through steps 4 to 7 for `requested`. With `rows_out` (one span for each of the N
/// rows) those that passed steps 5 to 7 are noted there; they point into `frames`.
Received receive(const CheckedHeader& header, const svid::Digest& root,
                 const std::vector<std::uint32_t>& requested, Bytes frames,
                 std::vector<std::span<const std::uint8_t>>* rows_out = nullptr);

/// "provisional", "incomplete", "rejected" or "malformed".
const char* verdict_text(const Received& received);
/// "E_HEADER" ... "E_PROOF"; empty for none.
const char* fault_text(svid::Fault fault);
}  // namespace mote::tool
