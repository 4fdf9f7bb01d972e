// A share from peers who do anything: the input is a program of what they send, in pieces of any
// size, with any byte of it changed; a header and evidence made of the input's own bytes besides.
//
// Besides the sanitizers the target checks what the check promises: an honest dispersal is never
// condemned, whatever is sent in its name, and nothing is provisional before all of it was there; a
// dispersal with a wrong row never becomes provisional for who asked for that row; and whatever came
// before, one source that sends everything right brings the verdict.
#include <cstdlib>

#include "svid/check_header.hpp"
#include "svid/chunks.hpp"
#include "svid/evidence.hpp"
#include "tools/svid_producer.hpp"

namespace
{
using namespace mote;
using namespace mote::svid;
using svid_producer::Dispersed;
using svid_producer::Message;
using svid_producer::Receiver;
using Rows = std::vector<std::uint32_t>;
using ByteVector = std::vector<std::uint8_t>;

constexpr std::uint64_t stakes[] = {10, 20, 30, 5, 5, 7, 23};
constexpr std::uint32_t wrong_row = 9;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

// k = 5, N = 18; the last data row is short.
const Dispersed& honest()
{
    static const Dispersed dispersed = []
    {
        std::mt19937 random(1);
        return svid_producer::disperse(svid_producer::random_bytes(5000, random), stakes);
    }();
    return dispersed;
}

const Dispersed& cheat()
{
    static const Dispersed dispersed = []
    {
        Dispersed edited = honest();
        edited.rows[wrong_row][100] ^= 1;
        edited.seal();
        return edited;
    }();
    return dispersed;
}

/// What is left of the input.
class Input
{
  public:
    explicit Input(Bytes bytes) : rest_(bytes) {}
    [[nodiscard]] bool empty() const { return rest_.empty(); }
    std::uint8_t byte()
    {
        if (rest_.empty())
            return 0;
        const std::uint8_t b = rest_[0];
        rest_ = rest_.subspan(1);
        return b;
    }
    std::uint32_t word()
    {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i)
            value |= std::uint32_t{byte()} << 8 * i;
        return value;
    }
    Bytes take(std::size_t bytes)
    {
        const Bytes taken = rest_.first(std::min(bytes, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }

  private:
    Bytes rest_;
};

/// Changes one byte, or nothing.
void change(ByteVector& bytes, Input& input)
{
    const std::uint8_t flip = input.byte();
    const std::size_t low = input.byte(), at = low + 256 * std::size_t{input.byte()};
    if (!bytes.empty())
        bytes[at % bytes.size()] ^= flip;
}

void send_message(const Dispersed& from, ShareCheck& share, Input& input)
{
    const std::uint32_t first = input.byte() % from.params.rows;
    const std::uint32_t count = 1 + input.byte() % (from.params.rows - first);
    Message message = from.message(first, count);
    const std::uint8_t what = input.byte();
    if ((what & 1) != 0)
        change(message.rows, input);
    if ((what & 2) != 0)
        change(message.data_path, input);
    if ((what & 4) != 0)
        change(message.parity_path, input);
    if ((what & 8) != 0)
        message.first = input.word();
    if ((what & 16) != 0)
        message.count = input.word();
    if ((what & 32) != 0)
        message.data_path.resize(input.byte() * std::size_t{input.byte()});
    static_cast<void>(share.begin_rows(message.head()));
    // A wrong announcement, with the bytes as they were: too many or too few.
    const std::size_t piece = 1 + std::size_t{input.byte()} * 8;
    for (Bytes rest = message.rows; !rest.empty() && (what & 64) == 0;
         rest = rest.subspan(std::min(piece, rest.size())))
        static_cast<void>(share.append_rows(rest.first(std::min(piece, rest.size()))));
}

void step(const Dispersed& from, ShareCheck& share, Input& input)
{
    switch (input.byte() % 9)
    {
        case 0:
            return share.begin_source();
        case 1:
        {
            ByteVector z = from.z;
            change(z, input);
            static_cast<void>(share.append_z(Bytes(z).first(input.byte() % (z.size() + 1))));
            return;
        }
        case 2:
            static_cast<void>(share.append_z(input.take(input.byte())));
            return;
        case 3:
            static_cast<void>(share.end_z());
            return;
        case 4:
            static_cast<void>(
                share.begin_rows({input.word(), input.word(), input.word(),
                                  input.take(input.byte()), input.take(input.byte())}));
            return;
        case 5:
            static_cast<void>(share.append_rows(input.take(input.byte())));
            return;
        case 6:
            static_cast<void>(share.end_rows());
            return;
        case 7:
            static_cast<void>(share.append_z(from.z));
            return;
        default:
            return send_message(from, share, input);
    }
}

void look(const Dispersed& from, const Rows& requested, const ShareCheck& share)
{
    const Verdict verdict = share.verdict();
    check(share.rows_verified() <= requested.size());
    check((verdict.outcome == Outcome::rejected) == (verdict.fault != Fault::none));
    check(verdict.fault == Fault::none || verdict.step == static_cast<unsigned>(verdict.fault));
    check(verdict.fault == Fault::none || verdict.fault >= Fault::z);
    check(verdict.outcome != Outcome::provisional || share.rows_verified() == requested.size());
    const bool is_cheat = &from == &cheat();
    if (verdict.fault == Fault::fingerprint)
        check(is_cheat && verdict.row == wrong_row);
    for (std::uint32_t r = 0; r < from.params.rows; ++r)
    {
        const bool asked = std::find(requested.begin(), requested.end(), r) != requested.end();
        check(!share.holds(r) || (asked && !(is_cheat && r == wrong_row)));
    }
}

void run_share(Input input)
{
    const std::uint8_t shape = input.byte();
    const Dispersed& from = shape % 2 == 0 ? honest() : cheat();
    Rows requested;
    const std::uint32_t mask = input.word();
    for (std::uint32_t r = 0; r < from.params.rows; ++r)
        if ((mask >> r & 1) != 0)
            requested.push_back(r);
    Receiver receiver(from, requested);
    while (!input.empty())
    {
        step(from, receiver.share, input);
        look(from, requested, receiver.share);
    }

    receiver.share.begin_source();
    check(receiver.give_z(from.z) == Fault::none);
    for (const std::uint32_t r : requested)
        check(receiver.give(from.message(r, 1)) == Fault::none);
    look(from, requested, receiver.share);
    const bool has_wrong = &from == &cheat() && std::find(requested.begin(), requested.end(),
                                                          wrong_row) != requested.end();
    const Verdict verdict = receiver.verdict();
    check(has_wrong ? verdict.fault == Fault::fingerprint
                    : verdict.outcome == Outcome::provisional);
}

/// Evidence, headers and chunks of the input's own bytes, or of a right one changed in one place.
void run_others(Input input)
{
    const std::uint8_t what = input.byte();
    const std::uint32_t row = what % 3 == 0 ? wrong_row : input.word();
    Message message = cheat().message(row % cheat().params.rows, 1);
    ByteVector header(cheat().bytes.begin(), cheat().bytes.end());
    ByteVector z = cheat().z;
    change((what & 8) != 0 ? header : (what & 16) != 0 ? message.rows : z, input);
    if ((what & 32) != 0)
    {
        const Bytes raw = input.take(header_bytes);
        header.assign(raw.begin(), raw.end());
    }
    static const std::unique_ptr<svid_cases::Memory> memory =
        std::make_unique<svid_cases::Memory>(bad_row_memory_bytes());
    Arena arena = memory->arena();
    BadRowFinding found;
    check(check_bad_row({header, row, message.rows, message.data_path, message.parity_path, z},
                        cheat().header.chain_id, stakes, arena, found) == Status::ok);
    check((found.finding == Finding::rejected) == (found.fault != Fault::none));
    check(found.fault <= Fault::path);

    std::array<Digest, 2> announces;
    static_cast<void>(equivocates(cheat().bytes, header, cheat().header.chain_id, announces));
    const std::uint64_t offset = input.word();
    const Bytes data = input.take(2048), path = input.take(200);
    check(check_chunks(honest().header, offset, data, path) != Fault::none);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    run_share(Input({data, bytes}));
    run_others(Input({data, bytes}));
    return 0;
}
