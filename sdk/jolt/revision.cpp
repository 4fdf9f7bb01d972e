#include "jolt/revision.hpp"

#include <cstddef>

#include "jolt/revisions/jolt_69eea119.hpp"

namespace mote::jolt
{
namespace
{
namespace kinds_69eea119
{
using C = jolt_69eea119::CircuitFlag;
using I = jolt_69eea119::InstructionFlag;

// The short names of the kinds file.
// NOLINTBEGIN(readability-identifier-naming): the rows of the kinds file must fit a line.
constexpr std::uint16_t none = 0;
constexpr std::uint16_t Add = bit(C::add_operands), Sub = bit(C::subtract_operands),
                        Mul = bit(C::multiply_operands), Ld = bit(C::load), St = bit(C::store),
                        J = bit(C::jump), W = bit(C::write_lookup_output_to_rd),
                        As = bit(C::assert_flag), Adv = bit(C::advice),
                        Keep = bit(C::do_not_update_unexpanded_pc);
constexpr std::uint8_t LPc = bit(I::left_operand_is_pc), LRs1 = bit(I::left_operand_is_rs1_value),
                       RImm = bit(I::right_operand_is_imm),
                       RRs2 = bit(I::right_operand_is_rs2_value), Br = bit(I::branch),
                       Noop = bit(I::is_noop);
// NOLINTEND(readability-identifier-naming)

// Table names, and no_table among them.
enum Table : std::uint8_t
{
#define MOTE_LOOKUP_TABLE(index, name, text) name = index,
#include "jolt/revisions/jolt_69eea119_lookup_tables.inc"
#undef MOTE_LOOKUP_TABLE
    no_table = InstructionKind::no_table,
};

constexpr InstructionKind kinds[] = {
#define MOTE_KIND(tag, text, circuit, instruction, table) {tag, circuit, instruction, table},
#include "jolt/revisions/jolt_69eea119_kinds.inc"
#undef MOTE_KIND
};
constexpr std::size_t kind_count = sizeof(kinds) / sizeof(kinds[0]);

constexpr bool is_well_formed() noexcept
{
    for (std::size_t i = 0; i < kind_count; ++i)
    {
        if (i > 0 && kinds[i].tag <= kinds[i - 1].tag)
            return false;
        if (kinds[i].lookup_table != no_table &&
            kinds[i].lookup_table >= jolt_69eea119::lookup_table_count)
            return false;
    }
    // A row stores the index of its kind in a byte, and index 0 is NoOp.
    return kind_count <= 256 && kinds[0].tag == 0 && kinds[0].instruction_flags == Noop;
}
static_assert(is_well_formed());
}  // namespace kinds_69eea119

constexpr Revision revisions[] = {
    {jolt_69eea119::name, kinds_69eea119::kinds, kinds_69eea119::kind_count,
     jolt_69eea119::lookup_table_count, jolt_69eea119::circuit_flag_count,
     jolt_69eea119::instruction_flag_count},
};
}  // namespace

int Revision::find_kind(std::uint16_t tag) const noexcept
{
    std::uint32_t low = 0, high = kind_count;
    while (low < high)
    {
        const std::uint32_t middle = low + (high - low) / 2;
        if (kinds[middle].tag < tag)
            low = middle + 1;
        else
            high = middle;
    }
    return low < kind_count && kinds[low].tag == tag ? static_cast<int>(low) : -1;
}

const Revision* find_revision(const char* name, std::uint32_t name_bytes) noexcept
{
    for (const Revision& revision : revisions)
    {
        std::uint32_t same = 0;
        while (same < name_bytes && revision.name[same] != '\0' &&
               name[same] == revision.name[same])
            ++same;
        if (same == name_bytes && revision.name[same] == '\0')
            return &revision;
    }
    return nullptr;
}

const Revision& default_revision() noexcept
{
    return revisions[sizeof(revisions) / sizeof(revisions[0]) - 1];
}
}  // namespace mote::jolt
