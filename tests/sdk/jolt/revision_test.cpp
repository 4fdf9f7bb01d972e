#include "jolt/revision.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "jolt/claims.hpp"
#include "jolt/revisions/jolt_69eea119.hpp"

using namespace mote::jolt;
namespace names = mote::jolt::jolt_69eea119;

namespace
{
// The instruction table as it is printed in the description of the protocol:
// tag, name, circuit flags, their mask, instruction flags, their mask, lookup table.
constexpr const char* printed_kinds = R"(
0x00 NoOp DoNotUpdateUnexpandedPC 0x0200 IsNoop 0x20 -
0x02 ADD Add,W 0x0041 L=Rs1,R=Rs2 0x0c 0:RangeCheck
0x03 ADDI Add,W 0x0041 L=Rs1,R=Imm 0x06 0:RangeCheck
0x04 AND W 0x0040 L=Rs1,R=Rs2 0x0c 2:And
0x05 ANDI W 0x0040 L=Rs1,R=Imm 0x06 2:And
0x06 ANDN W 0x0040 L=Rs1,R=Rs2 0x0c 3:Andn
0x07 AUIPC Add,W 0x0041 L=PC,R=Imm 0x03 0:RangeCheck
0x08 BEQ - 0x0000 L=Rs1,R=Rs2,Br 0x1c 6:Equal
0x09 BGE - 0x0000 L=Rs1,R=Rs2,Br 0x1c 7:SignedGreaterThanEqual
0x0a BGEU - 0x0000 L=Rs1,R=Rs2,Br 0x1c 8:UnsignedGreaterThanEqual
0x0b BLT - 0x0000 L=Rs1,R=Rs2,Br 0x1c 10:SignedLessThan
0x0c BLTU - 0x0000 L=Rs1,R=Rs2,Br 0x1c 11:UnsignedLessThan
0x0d BNE - 0x0000 L=Rs1,R=Rs2,Br 0x1c 9:NotEqual
0x14 FENCE - 0x0000 - 0x00 -
0x15 JAL Add,J 0x0021 L=PC,R=Imm 0x03 0:RangeCheck
0x16 JALR Add,J 0x0021 L=Rs1,R=Imm 0x06 1:RangeCheckAligned
0x19 LD Ld 0x0008 - 0x00 -
0x1c LUI Add,W 0x0041 R=Imm 0x02 0:RangeCheck
0x1f MUL Mul,W 0x0044 L=Rs1,R=Rs2 0x0c 0:RangeCheck
0x22 MULHU Mul,W 0x0044 L=Rs1,R=Rs2 0x0c 13:UpperWord
0x23 OR W 0x0040 L=Rs1,R=Rs2 0x0c 4:Or
0x24 ORI W 0x0040 L=Rs1,R=Imm 0x06 4:Or
0x28 SD St 0x0010 - 0x00 -
0x2c SLT W 0x0040 L=Rs1,R=Rs2 0x0c 10:SignedLessThan
0x2d SLTI W 0x0040 L=Rs1,R=Imm 0x06 10:SignedLessThan
0x2e SLTIU W 0x0040 L=Rs1,R=Imm 0x06 11:UnsignedLessThan
0x2f SLTU W 0x0040 L=Rs1,R=Rs2 0x0c 11:UnsignedLessThan
0x34 SUB Sub,W 0x0042 L=Rs1,R=Rs2 0x0c 0:RangeCheck
0x36 XOR W 0x0040 L=Rs1,R=Rs2 0x0c 5:Xor
0x37 XORI W 0x0040 L=Rs1,R=Imm 0x06 5:Xor
0x61 VirtualAdvice Adv,W 0x0440 - 0x00 0:RangeCheck
0x62 VirtualAdviceLen Adv,W 0x0440 - 0x00 0:RangeCheck
0x63 VirtualAdviceLoad Adv,W 0x0440 - 0x00 0:RangeCheck
0x64 VirtualAssertEQ As 0x0100 L=Rs1,R=Rs2 0x0c 6:Equal
0x65 VirtualAssertHalfwordAlignment Add,As 0x0101 L=Rs1,R=Imm 0x06 17:HalfwordAlignment
0x66 VirtualAssertWordAlignment Add,As 0x0101 L=Rs1,R=Imm 0x06 18:WordAlignment
0x67 VirtualAssertLTE As 0x0100 L=Rs1,R=Rs2 0x0c 14:UnsignedLessThanEqual
0x68 VirtualHostIO - 0x0000 - 0x00 -
0x69 VirtualAssertValidDiv0 As 0x0100 L=Rs1,R=Rs2 0x0c 16:ValidDiv0
0x6a VirtualAssertValidUnsignedRemainder As 0x0100 L=Rs1,R=Rs2 0x0c 15:ValidUnsignedRemainder
0x6b VirtualAssertMulUNoOverflow Mul,As 0x0104 L=Rs1,R=Rs2 0x0c 31:MulUNoOverflow
0x6c VirtualChangeDivisor W 0x0040 L=Rs1,R=Rs2 0x0c 29:VirtualChangeDivisor
0x6d VirtualChangeDivisorW W 0x0040 L=Rs1,R=Rs2 0x0c 30:VirtualChangeDivisorW
0x70 VirtualZeroExtendWord Add,W 0x0041 L=Rs1 0x04 19:LowerHalfWord
0x71 VirtualSignExtendWord Add,W 0x0041 L=Rs1 0x04 20:SignExtendHalfWord
0x72 VirtualPow2W Add,W 0x0041 L=Rs1 0x04 22:Pow2W
0x73 VirtualPow2IW Add,W 0x0041 R=Imm 0x02 22:Pow2W
0x74 VirtualMovsign W 0x0040 L=Rs1,R=Imm 0x06 12:SignMask
0x75 VirtualMULI Mul,W 0x0044 L=Rs1,R=Imm 0x06 0:RangeCheck
0x76 VirtualPow2 Add,W 0x0041 L=Rs1 0x04 21:Pow2
0x77 VirtualPow2I Add,W 0x0041 R=Imm 0x02 21:Pow2
0x78 VirtualRev8W Add,W 0x0041 L=Rs1 0x04 24:VirtualRev8W
0x79 VirtualROTRI W 0x0040 L=Rs1,R=Imm 0x06 27:VirtualROTR
0x7a VirtualROTRIW W 0x0040 L=Rs1,R=Imm 0x06 28:VirtualROTRW
0x7b VirtualShiftRightBitmask Add,W 0x0041 L=Rs1 0x04 23:ShiftRightBitmask
0x7c VirtualShiftRightBitmaskI Add,W 0x0041 R=Imm 0x02 23:ShiftRightBitmask
0x7d VirtualSRA W 0x0040 L=Rs1,R=Rs2 0x0c 26:VirtualSRA
0x7e VirtualSRAI W 0x0040 L=Rs1,R=Imm 0x06 26:VirtualSRA
0x7f VirtualSRL W 0x0040 L=Rs1,R=Rs2 0x0c 25:VirtualSRL
0x80 VirtualSRLI W 0x0040 L=Rs1,R=Imm 0x06 25:VirtualSRL
0x81 VirtualXORROT32 W 0x0040 L=Rs1,R=Rs2 0x0c 32:VirtualXORROT32
0x82 VirtualXORROT24 W 0x0040 L=Rs1,R=Rs2 0x0c 33:VirtualXORROT24
0x83 VirtualXORROT16 W 0x0040 L=Rs1,R=Rs2 0x0c 34:VirtualXORROT16
0x84 VirtualXORROT63 W 0x0040 L=Rs1,R=Rs2 0x0c 35:VirtualXORROT63
0x85 VirtualXORROTW16 W 0x0040 L=Rs1,R=Rs2 0x0c 36:VirtualXORROTW16
0x86 VirtualXORROTW12 W 0x0040 L=Rs1,R=Rs2 0x0c 37:VirtualXORROTW12
0x87 VirtualXORROTW8 W 0x0040 L=Rs1,R=Rs2 0x0c 38:VirtualXORROTW8
0x88 VirtualXORROTW7 W 0x0040 L=Rs1,R=Rs2 0x0c 39:VirtualXORROTW7
)";

struct PrintedKind
{
    unsigned tag = 0, circuit = 0, instruction = 0, table = InstructionKind::no_table;
    std::string name;
};

unsigned mask_of(const std::string& list, const std::map<std::string, unsigned>& bits)
{
    unsigned mask = 0;
    std::istringstream words(list == "-" ? "" : list);
    for (std::string word; std::getline(words, word, ',');)
        mask |= 1u << bits.at(word);
    return mask;
}

const std::vector<std::string>& table_names()
{
    static const std::vector<std::string> all = {
#define MOTE_LOOKUP_TABLE(index, name, text) text,
#include "jolt/revisions/jolt_69eea119_lookup_tables.inc"
#undef MOTE_LOOKUP_TABLE
    };
    return all;
}

std::vector<PrintedKind> parse()
{
    const std::map<std::string, unsigned> circuit_bits = {
        {"Add", 0}, {"Sub", 1}, {"Mul", 2}, {"Ld", 3},   {"St", 4},
        {"J", 5},   {"W", 6},   {"As", 8},  {"Adv", 10}, {"DoNotUpdateUnexpandedPC", 9}};
    const std::map<std::string, unsigned> instruction_bits = {
        {"L=PC", 0}, {"R=Imm", 1}, {"L=Rs1", 2}, {"R=Rs2", 3}, {"Br", 4}, {"IsNoop", 5}};
    std::vector<PrintedKind> kinds;
    std::istringstream lines(printed_kinds);
    for (std::string line; std::getline(lines, line);)
    {
        if (line.empty())
            continue;
        std::istringstream in(line);
        std::string tag, circuit, circuit_mask, instruction, instruction_mask, table;
        PrintedKind kind;
        in >> tag >> kind.name >> circuit >> circuit_mask >> instruction >> instruction_mask >>
            table;
        kind.tag = static_cast<unsigned>(std::stoul(tag, nullptr, 16));
        kind.circuit = static_cast<unsigned>(std::stoul(circuit_mask, nullptr, 16));
        kind.instruction = static_cast<unsigned>(std::stoul(instruction_mask, nullptr, 16));
        REQUIRE(mask_of(circuit, circuit_bits) == kind.circuit);
        REQUIRE(mask_of(instruction, instruction_bits) == kind.instruction);
        if (table != "-")
        {
            const std::size_t colon = table.find(':');
            kind.table = static_cast<unsigned>(std::stoul(table.substr(0, colon)));
            REQUIRE(table_names().at(kind.table) == table.substr(colon + 1));
        }
        kinds.push_back(kind);
    }
    return kinds;
}

const Revision& revision()
{
    const Revision* found = find_revision("jolt-69eea119", 13);
    REQUIRE(found != nullptr);
    return *found;
}
}  // namespace

TEST_CASE("revision: instruction kinds are those of the printed table")
{
    const Revision& r = revision();
    const std::vector<PrintedKind> printed = parse();
    CHECK(printed.size() == 68);
    REQUIRE(r.kind_count == printed.size());
    const std::vector<std::string> kind_names = {
#define MOTE_KIND(tag, text, circuit, instruction, table) text,
#include "jolt/revisions/jolt_69eea119_kinds.inc"
#undef MOTE_KIND
    };
    REQUIRE(kind_names.size() == printed.size());
    for (std::size_t i = 0; i < printed.size(); ++i)
    {
        INFO(printed[i].name);
        CHECK(r.kinds[i].tag == printed[i].tag);
        CHECK(r.kinds[i].circuit_flags == printed[i].circuit);
        CHECK(r.kinds[i].instruction_flags == printed[i].instruction);
        CHECK(r.kinds[i].lookup_table == printed[i].table);
        CHECK(kind_names[i] == printed[i].name);
        if (i > 0)
            CHECK(r.kinds[i].tag > r.kinds[i - 1].tag);
    }
}

TEST_CASE("revision: find_kind knows every tag and no other")
{
    const Revision& r = revision();
    std::map<unsigned, int> index;
    for (std::uint32_t i = 0; i < r.kind_count; ++i)
        index[r.kinds[i].tag] = static_cast<int>(i);
    for (unsigned tag = 0; tag <= 0xffff; ++tag)
    {
        const int expected = index.count(tag) != 0 ? index[tag] : -1;
        if (r.find_kind(static_cast<std::uint16_t>(tag)) != expected)
            FAIL("tag " << tag);
    }
    CHECK(r.find_kind(0) == 0);
}

TEST_CASE("revision: counts and numbers of flags, tables and lanes")
{
    const Revision& r = revision();
    CHECK(std::string(r.name) == "jolt-69eea119");
    CHECK(r.lookup_table_count == 40);
    CHECK(r.circuit_flag_count == 14);
    CHECK(r.instruction_flag_count == 6);
    CHECK(table_names().size() == 40);

    // The last inputs of the R1CS are the circuit flags in flag order.
    using C = names::CircuitFlag;
    const auto claim_of = [](Outer name) { return static_cast<unsigned>(name) - 21; };
    CHECK(static_cast<unsigned>(C::add_operands) == claim_of(Outer::add_operands));
    CHECK(static_cast<unsigned>(C::subtract_operands) == claim_of(Outer::subtract_operands));
    CHECK(static_cast<unsigned>(C::multiply_operands) == claim_of(Outer::multiply_operands));
    CHECK(static_cast<unsigned>(C::load) == claim_of(Outer::load));
    CHECK(static_cast<unsigned>(C::store) == claim_of(Outer::store));
    CHECK(static_cast<unsigned>(C::jump) == claim_of(Outer::jump));
    CHECK(static_cast<unsigned>(C::write_lookup_output_to_rd) ==
          claim_of(Outer::write_lookup_output_to_rd));
    CHECK(static_cast<unsigned>(C::virtual_instruction) == claim_of(Outer::virtual_instruction));
    CHECK(static_cast<unsigned>(C::assert_flag) == claim_of(Outer::assert_flag));
    CHECK(static_cast<unsigned>(C::do_not_update_unexpanded_pc) ==
          claim_of(Outer::do_not_update_unexpanded_pc));
    CHECK(static_cast<unsigned>(C::advice) == claim_of(Outer::advice));
    CHECK(static_cast<unsigned>(C::is_compressed) == claim_of(Outer::is_compressed));
    CHECK(static_cast<unsigned>(C::is_first_in_sequence) == claim_of(Outer::is_first_in_sequence));
    CHECK(static_cast<unsigned>(C::is_last_in_sequence) == claim_of(Outer::is_last_in_sequence));
    CHECK(claim_of(Outer::is_last_in_sequence) + 1 == r.circuit_flag_count);

    // Lanes follow each other without gap or overlap and leave the top ones free.
    std::vector<std::uint32_t> starts;
    std::uint32_t next = 0;
#define MOTE_LANES(lane, start, size)           \
    CHECK(names::lanes::lane.first == next);    \
    starts.push_back(names::lanes::lane.first); \
    next += names::lanes::lane.count;
#include "jolt/revisions/jolt_69eea119_lanes.inc"
#undef MOTE_LANES
    CHECK(starts == std::vector<std::uint32_t>{0, 128, 256, 384, 385, 386, 400, 406, 446});
    CHECK(next == 447);
    CHECK(names::lanes::circuit_flags.count == r.circuit_flag_count);
    CHECK(names::lanes::instruction_flags.count == r.instruction_flag_count);
    CHECK(names::lanes::lookup_tables.count == r.lookup_table_count);
}

TEST_CASE("revision: found by its exact name only")
{
    CHECK(find_revision("jolt-69eea119", 13) == &default_revision());
    CHECK(find_revision("jolt-69eea119\0", 14) == nullptr);
    CHECK(find_revision("jolt-69eea119f", 14) == nullptr);
    CHECK(find_revision("jolt-69eea118", 13) == nullptr);
    CHECK(find_revision("jolt-69eea119", 12) == nullptr);
    CHECK(find_revision("Jolt-69eea119", 13) == nullptr);
    CHECK(find_revision("", 0) == nullptr);
    CHECK(find_revision(nullptr, 0) == nullptr);
    const std::string huge(100000, 'j');
    CHECK(find_revision(huge.data(), 100000) == nullptr);
}
