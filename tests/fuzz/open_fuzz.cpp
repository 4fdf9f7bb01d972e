// Proofs and witnesses of the state over any bytes.
//
// The root is not known to the fuzzer, so the target first finds the root that the bytes lead to and
// opens them against it: what parses is then asked and applied. Besides the sanitizers it checks that
// memory stays within what the size functions say, that views lie in the bytes, and that whatever a
// witness leads to, it does again.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "state/answer.hpp"
#include "state/apply_witness.hpp"
#include "tools/aligned_memory.hpp"

namespace
{
using namespace mote;
using namespace mote::state;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

void check_inside(Bytes part, Bytes whole)
{
    if (!part.empty())
        check(part.data() >= whole.data() &&
              part.data() + part.size() <= whole.data() + whole.size());
}

// Operations made of the input: keys of opened entries, and bytes of any kind.
std::vector<Operation> operations_of(const Opened& opened, Bytes bytes)
{
    std::vector<Operation> out;
    for (std::uint32_t s = 0; s < opened.section_count; ++s)
        for (const OpenedEntry& entry : opened.section[s].entries)
            if (out.size() < 64 && bytes[out.size() % bytes.size()] % 3 != 0)
                out.push_back({entry.entry.key.empty() ? bytes.first(1) : entry.entry.key,
                               bytes.first(4), bytes[out.size() % bytes.size()] % 2 == 0});
    return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Bytes bytes(data, size);
    const bool witness = size > 3 && data[2] == 'w';
    const auto open = witness ? open_witness : open_proof;
    const std::size_t memory_bytes =
        open_memory_bytes(size) + apply_memory_bytes(size, witness ? 64 : 0);
    const auto memory = test::aligned_memory(memory_bytes);

    Opened opened;
    Defect defect;
    Digest root = {};
    {
        Arena arena(memory.get(), open_memory_bytes(size));
        const Status status = open(bytes, root, arena, opened, defect);
        check(status == Status::malformed || status == Status::rejected);
        check(opened.section_count == 0 && defect.offset <= size);
        if (status == Status::malformed)
            return 0;
    }
    // The root that the bytes lead to, found by the library's own fold: open reports it to nobody.
    Arena arena(memory.get(), memory_bytes);
    check(state::internal::open_any(bytes, witness ? Kind::witness : Kind::proof, arena, opened,
                                    root, defect) == Status::ok);
    Arena again(memory.get(), memory_bytes);
    check(open(bytes, root, again, opened, defect) == Status::ok);

    for (std::uint32_t s = 0; s < opened.section_count; ++s)
        for (const OpenedEntry& entry : opened.section[s].entries)
        {
            check_inside(entry.entry.bytes, bytes);
            Bytes value;
            if (answer(opened, entry.entry.key, value) == Answer::present)
                check_inside(value, bytes);
            static_cast<void>(answer_after(opened, entry.entry.key, entry.entry.version, value));
        }
    if (!witness)
        return 0;
    const std::vector<Operation> operations = operations_of(opened, bytes);
    Digest first = {}, second = {};
    const std::size_t mark = again.used();
    const Status status = apply_witness(opened, 7, operations, again, first, defect);
    check(status == Status::ok || status == Status::rejected || status == Status::malformed);
    again.release_to(mark);
    const Status repeated = apply_witness(opened, 7, operations, again, second, defect);
    check(repeated == status && first == second);
    return 0;
}
