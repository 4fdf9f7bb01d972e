#include "dispersal/receive.hpp"

#include <algorithm>
#include <memory>

#include "wire/svid_messages.hpp"

namespace mote::tool
{
namespace
{
/// Aligned memory for an arena.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : words_(bytes / sizeof(Word) + 1) {}
    [[nodiscard]] Arena arena() { return {words_.data(), words_.size() * sizeof(Word)}; }

  private:
    struct alignas(Arena::alignment) Word
    {
        std::uint8_t bytes[Arena::alignment];
    };
    std::vector<Word> words_;
};

const char* frame_error_text(wire::FrameError error)
{
    switch (error)
    {
        case wire::FrameError::empty:
            return "a frame of length 0";
        case wire::FrameError::unknown_type:
            return "a frame of unknown type";
        default:
            return "a frame longer than its type allows";
    }
}
}  // namespace

CheckedHeader check_folder_header(const std::filesystem::path& folder, const Dispersed& dispersed)
{
    CheckedHeader checked;
    const ByteVector bytes = read_header(folder);
    std::copy(bytes.begin(), bytes.end(), checked.bytes.begin());
    svid::Expected expected;
    expected.chain_id = dispersed.subject.chain_id;
    expected.zone = dispersed.subject.zone;
    expected.height = dispersed.subject.height;
    expected.epoch = dispersed.subject.epoch;
    expected.stakes = dispersed.validators.stakes;
    expected.svid_root = dispersed.svid_root;
    if (svid::check_header(bytes, expected, checked.header, checked.params, checked.fault) !=
        Status::ok)
        throw BadFile("dispersal.json: not a validator set");
    return checked;
}

std::vector<svid::AssignedRange> assigned_ranges(const Dispersed& dispersed,
                                                 const svid::Header& header)
{
    const svid::ValidatorSet set = dispersed.validators.set();
    Memory memory(sizeof(svid::Assignment::Rank) * set.stakes.size() + 64);
    Arena arena = memory.arena();
    svid::Assignment assignment;
    if (assignment.open(set, arena) != Status::ok)
        throw BadFile("dispersal.json: not a validator set");
    std::vector<svid::AssignedRange> ranges(set.stakes.size());
    assignment.ranges(set, header, ranges);
    return ranges;
}

std::vector<std::uint32_t> rows_of(const svid::AssignedRange& range, std::uint32_t rows)
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(range.count);
    for (std::uint32_t t = 0; t < range.count; ++t)
        numbers.push_back((range.first + t) % rows);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

Received receive(const CheckedHeader& header, const svid::Digest& root,
                 const std::vector<std::uint32_t>& requested, Bytes frames,
                 std::vector<std::span<const std::uint8_t>>* rows_out)
{
    Received received;
    received.params = header.params;
    received.bytes = frames.size();
    if (header.fault != svid::Fault::none)
    {
        received.verdict = svid::rejected(header.fault);
        return received;
    }
    Memory memory(svid::ShareCheck::memory_bytes(header.params, requested.size()));
    Arena arena = memory.arena();
    svid::ShareCheck share;
    if (share.open(header.header, header.params, header.bytes, requested, arena) != Status::ok)
        throw std::logic_error("the memory of a share is computed wrongly");

    const auto malformed = [&](const std::string& why)
    {
        received.malformed = why;
        return received;
    };
    // Not written before it is used: most shares need a small part of it.
    const auto body = std::make_unique_for_overwrite<std::uint8_t[]>(wire::any_body_bytes_max);
    wire::FrameReader reader({body.get(), wire::any_body_bytes_max});
    Bytes rest = frames;
    std::size_t z_received = 0;
    bool z_seen = false;
    for (;;)
    {
        const wire::Progress progress = reader.push(rest);
        if (progress == wire::Progress::closed)
            return malformed(frame_error_text(reader.error()) + std::string(" at byte ") +
                             std::to_string(reader.error_offset()));
        if (progress == wire::Progress::need_more)
            break;
        const auto end = static_cast<std::size_t>(rest.data() - frames.data());
        // The message where it lies in the file, so that rows can be pointed to.
        const Bytes message = frames.subspan(end - reader.body().size(), reader.body().size());
        if (reader.type() == wire::MessageType::z_part)
        {
            wire::ZPart part;
            if (wire::decode(message, part) != Status::ok)
                return malformed("a ZPart that does not parse before byte " + std::to_string(end));
            if (!equal_vartime(part.svid_root, root))
                continue;
            if (part.offset != z_received)
                return malformed("a ZPart out of order before byte " + std::to_string(end));
            z_seen = true;
            z_received += part.data.size();
            static_cast<void>(share.append_z(part.data));
        }
        else if (reader.type() == wire::MessageType::rows)
        {
            wire::Rows rows;
            if (wire::decode(message, rows) != Status::ok)
                return malformed("Rows that do not parse before byte " + std::to_string(end));
            if (!equal_vartime(rows.svid_root, root))
                continue;
            const svid::Fault shape = share.begin_rows(
                {rows.first_row, rows.count, rows.rows.size(), rows.data_path, rows.parity_path});
            static_cast<void>(share.append_rows(rows.rows));
            static_cast<void>(share.end_rows());
            if (rows_out != nullptr && shape == svid::Fault::none)
            {
                std::size_t at = 0;
                for (std::uint32_t r = rows.first_row; r < rows.first_row + rows.count; ++r)
                {
                    (*rows_out)[r] = rows.rows.subspan(at, header.params.bytes_of_row(r));
                    at += header.params.bytes_of_row(r);
                }
            }
        }
        else
            return malformed("a message that is no part of a share before byte " +
                             std::to_string(end));
    }
    if (!reader.at_boundary())
        return malformed("the file ends inside a frame");
    if (z_seen)
        static_cast<void>(share.end_z());
    if (rows_out != nullptr)
        for (const std::uint32_t r : requested)
            if (!share.holds(r))
                (*rows_out)[r] = {};
    received.verdict = share.verdict();
    received.rows = share.rows_verified();
    return received;
}

const char* verdict_text(const Received& received)
{
    if (received.malformed)
        return "malformed";
    switch (received.verdict.outcome)
    {
        case svid::Outcome::provisional:
            return "provisional";
        case svid::Outcome::incomplete:
            return "incomplete";
        default:
            return "rejected";
    }
}

const char* fault_text(svid::Fault fault)
{
    static constexpr const char* names[] = {"",         "E_HEADER",      "E_PARAMS",
                                            "E_COMMIT", "E_Z",           "E_ROW_SHAPE",
                                            "E_PATH",   "E_FINGERPRINT", "E_PROOF"};
    return names[static_cast<unsigned>(fault)];
}
}  // namespace mote::tool
