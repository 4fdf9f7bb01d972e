// The interpreter: one label for each instruction, a jump from each to the next.
//
// The gas and the top of the stack are locals of execute(); what another function needs of them goes
// through the frame (MOTE_CALL). Blocks have checked the stack and paid static gas (code.hpp), so what is
// charged here depends on operands.
#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "evm/machine.hpp"
#include "hash/keccak.hpp"

// Labels as values: gcc's and clang's, and what makes the prediction of the next instruction its own.
#pragma GCC diagnostic ignored "-Wpedantic"
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-label-as-value"
#endif

namespace mote::evm
{
namespace
{
constexpr std::uint64_t far = std::uint64_t{1} << 36;  // no gas pays for memory up to there

[[nodiscard]] constexpr std::int64_t words_of(std::uint64_t bytes) noexcept
{
    return static_cast<std::int64_t>((bytes + 31) / 32);
}

/// A stretch of memory as an instruction names it.
struct Stretch
{
    std::uint64_t offset = 0, bytes = 0;
};

/// Makes room for the stretch; false out of gas. Nothing is charged for no bytes, wherever they are.
[[nodiscard]] inline bool reach(Machine& machine, Frame& frame, std::int64_t& gas,
                                const Word& offset, const Word& bytes, Stretch& out) noexcept
{
    out = {0, bytes.limb[0]};
    if (bytes.is_zero())
        return true;
    if (!bytes.fits_u64() || !offset.fits_u64() || bytes.limb[0] >= far || offset.limb[0] >= far)
        return machine.grow(frame, gas, 2 * far);
    out.offset = offset.limb[0];
    const std::uint64_t end = out.offset + out.bytes;
    return end <= frame.memory_bytes || machine.grow(frame, gas, end);
}

/// Copies source[from ..) to a stretch that is there; zeros after the end of the source.
inline void copy_padded(std::uint8_t* to, std::uint64_t bytes, Bytes source,
                        const Word& from) noexcept
{
    const std::uint64_t start = std::min<std::uint64_t>(from.saturated(), source.size());
    const std::uint64_t there = std::min<std::uint64_t>(bytes, source.size() - start);
    if (there != 0)
        std::memcpy(to, source.data() + start, static_cast<std::size_t>(there));
    if (bytes > there)
        std::memset(to + there, 0, static_cast<std::size_t>(bytes - there));
}

/// CALLDATACOPY and its kin: to, from, bytes on the stack; 3 gas a word.
[[nodiscard]] bool copy_to_memory(Machine& machine, Frame& frame, std::int64_t& gas, const Word& to,
                                  const Word& from, const Word& bytes, Bytes source) noexcept
{
    Stretch stretch;
    if (!reach(machine, frame, gas, to, bytes, stretch))
        return false;
    gas -= 3 * words_of(stretch.bytes);
    if (gas < 0)
        return false;
    if (stretch.bytes != 0)
        copy_padded(frame.memory + stretch.offset, stretch.bytes, source, from);
    return true;
}

[[nodiscard]] Word load_input(Bytes input, const Word& offset) noexcept
{
    if (!offset.fits_u64() || offset.limb[0] >= input.size())
        return {};
    const auto at = static_cast<std::size_t>(offset.limb[0]);
    if (input.size() - at >= 32)
        return load_word(input.data() + at);
    std::uint8_t bytes[32] = {};
    std::memcpy(bytes, input.data() + at, input.size() - at);
    return load_word(bytes);
}

[[nodiscard]] Word block_hash(Machine& machine, const Word& number) noexcept
{
    const std::uint64_t now = machine.block.number;
    if (!number.fits_u64() || number.limb[0] >= now || now - number.limb[0] > 256)
        return {};
    Hash hash{};
    if (!machine.journal().view().block_hash(number.limb[0], hash))
        machine.journal().set_fault(Fault::unavailable);
    return to_word(hash);
}

[[nodiscard]] Word count_leading_zeros(const Word& a) noexcept { return 256 - a.bit_length(); }
}  // namespace

#define MOTE_NEXT               \
    do                          \
    {                           \
        ++at;                   \
        goto* labels[at->op()]; \
    } while (false)
// A jump or an entered frame comes to an instruction without stepping over it.
#define MOTE_GO goto* labels[at->op()]
#define MOTE_HALT(reason)          \
    do                             \
    {                              \
        frame.halt = Halt::reason; \
        goto halted;               \
    } while (false)
#define MOTE_CHARGE(cost)          \
    do                             \
    {                              \
        gas -= (cost);             \
        if (gas < 0)               \
            MOTE_HALT(out_of_gas); \
    } while (false)
#define MOTE_BINARY(expression) \
    do                          \
    {                           \
        const Word a = top[0];  \
        const Word b = top[-1]; \
        --top;                  \
        *top = (expression);    \
        MOTE_NEXT;              \
    } while (false)
#define MOTE_PUSH(value)  \
    do                    \
    {                     \
        *++top = (value); \
        MOTE_NEXT;        \
    } while (false)
#define MOTE_DUP(n)                 \
    dup##n : top[1] = top[1 - (n)]; \
    ++top;                          \
    MOTE_NEXT
#define MOTE_SWAP(n)                        \
    swap##n : std::swap(top[0], top[-(n)]); \
    MOTE_NEXT
// Leaves the locals in the frame, calls, and goes on as the answer says.
#define MOTE_CALL(expression)           \
    do                                  \
    {                                   \
        frame.gas = gas;                \
        frame.top = top;                \
        frame.next = at + 1;            \
        const Step step = (expression); \
        if (step != Step::next)         \
            return step;                \
        gas = frame.gas;                \
        top = frame.top;                \
        MOTE_NEXT;                      \
    } while (false)

Step Machine::execute(Frame& frame) noexcept
{
    static constexpr const void* const labels[256] = {
#define MOTE_OPCODE(code, label, name, popped, pushed, since) &&label,
#include "evm/opcode_table.inc"
#undef MOTE_OPCODE
    };
    const Instruction* at = frame.next;
    Word* top = frame.top;
    std::int64_t gas = frame.gas;
    MOTE_GO;

block:
jumpdest:
{
    gas -= at->argument;
    const auto height = static_cast<std::uint32_t>(top + 1 - frame.items);
    if (gas < 0)
        MOTE_HALT(out_of_gas);
    if (height < at->needs() || height + at->grows() > stack_items_max)
        MOTE_HALT(stack_underflow_or_overflow);
    MOTE_NEXT;
}
trace:
    frame.gas = gas;
    frame.top = top;
    tracer_->instruction(*this, frame, at->argument);
    MOTE_NEXT;

stop:
    frame.output = {};
    frame.halt = Halt::success;
    frame.gas = gas;
    return Step::halt;
invalid:
    MOTE_HALT(invalid_instruction);

add:
    MOTE_BINARY(a + b);
mul:
    MOTE_BINARY(a * b);
sub:
    MOTE_BINARY(a - b);
div:
    MOTE_BINARY(divide(a, b).quotient);
sdiv:
    MOTE_BINARY(divide_signed(a, b).quotient);
mod:
    MOTE_BINARY(divide(a, b).remainder);
smod:
    MOTE_BINARY(divide_signed(a, b).remainder);
addmod:
    top[-2] = add_mod(top[0], top[-1], top[-2]);
    top -= 2;
    MOTE_NEXT;
mulmod:
    top[-2] = multiply_mod(top[0], top[-1], top[-2]);
    top -= 2;
    MOTE_NEXT;
exp:
    MOTE_CHARGE((fork_ >= Fork::spurious_dragon ? 50 : 10) *
                static_cast<std::int64_t>((top[-1].bit_length() + 7) / 8));
    MOTE_BINARY(power(a, b));
signextend:
    MOTE_BINARY(sign_extend(a, b));

lt:
    MOTE_BINARY(Word(a < b ? 1 : 0));
gt:
    MOTE_BINARY(Word(b < a ? 1 : 0));
slt:
    MOTE_BINARY(Word(less_signed(a, b) ? 1 : 0));
sgt:
    MOTE_BINARY(Word(less_signed(b, a) ? 1 : 0));
eq:
    MOTE_BINARY(Word(a == b ? 1 : 0));
iszero:
    *top = Word(top->is_zero() ? 1 : 0);
    MOTE_NEXT;
and_:
    MOTE_BINARY(a & b);
or_:
    MOTE_BINARY(a | b);
xor_:
    MOTE_BINARY(a ^ b);
not_:
    *top = ~*top;
    MOTE_NEXT;
byte:
    MOTE_BINARY(a.fits_u64() && a.limb[0] < 32
                    ? (b >> static_cast<unsigned>(248 - 8 * a.limb[0])) & Word(0xff)
                    : Word{});
shl:
    MOTE_BINARY(a.fits_u64() && a.limb[0] < 256 ? b << static_cast<unsigned>(a.limb[0]) : Word{});
shr:
    MOTE_BINARY(a.fits_u64() && a.limb[0] < 256 ? b >> static_cast<unsigned>(a.limb[0]) : Word{});
sar:
    MOTE_BINARY(shift_right_signed(
        b, a.fits_u64() && a.limb[0] < 256 ? static_cast<unsigned>(a.limb[0]) : 256U));
clz:
    *top = count_leading_zeros(*top);
    MOTE_NEXT;

keccak256:
{
    Stretch s;
    if (!reach(*this, frame, gas, top[0], top[-1], s))
        MOTE_HALT(out_of_gas);
    MOTE_CHARGE(6 * words_of(s.bytes));
    --top;
    *top = to_word(hash::keccak_256({frame.memory + s.offset, static_cast<std::size_t>(s.bytes)}));
    MOTE_NEXT;
}

address:
    MOTE_PUSH(to_word(frame.message.recipient));
balance:
{
    Account& account = journal_.account(to_address(*top));
    MOTE_CHARGE(cold_account_cost(account));
    *top = journal_.balance(account);
    MOTE_NEXT;
}
origin:
    MOTE_PUSH(to_word(transaction.origin));
caller:
    MOTE_PUSH(to_word(frame.message.sender));
callvalue:
    MOTE_PUSH(frame.message.value);
calldataload:
    *top = load_input(frame.message.input, *top);
    MOTE_NEXT;
calldatasize:
    MOTE_PUSH(Word(frame.message.input.size()));
calldatacopy:
    if (!copy_to_memory(*this, frame, gas, top[0], top[-1], top[-2], frame.message.input))
        MOTE_HALT(out_of_gas);
    top -= 3;
    MOTE_NEXT;
codesize:
    MOTE_PUSH(Word(frame.code.raw.size()));
codecopy:
    if (!copy_to_memory(*this, frame, gas, top[0], top[-1], top[-2], frame.code.raw))
        MOTE_HALT(out_of_gas);
    top -= 3;
    MOTE_NEXT;
gasprice:
    MOTE_PUSH(transaction.gas_price);
extcodesize:
{
    Account& account = journal_.account(to_address(*top));
    MOTE_CHARGE(cold_account_cost(account));
    *top = Word(journal_.code(account).size());
    MOTE_NEXT;
}
extcodecopy:
{
    Account& account = journal_.account(to_address(*top));
    MOTE_CHARGE(cold_account_cost(account));
    if (!copy_to_memory(*this, frame, gas, top[-1], top[-2], top[-3], journal_.code(account)))
        MOTE_HALT(out_of_gas);
    top -= 4;
    MOTE_NEXT;
}
returndatasize:
    MOTE_PUSH(Word(return_data_.size()));
returndatacopy:
{
    const Word& from = top[-1];
    const Word& bytes = top[-2];
    if (!from.fits_u64() || !bytes.fits_u64() || from.limb[0] > return_data_.size() ||
        bytes.limb[0] > return_data_.size() - from.limb[0])
        MOTE_HALT(return_data_out_of_bounds);
    if (!copy_to_memory(*this, frame, gas, top[0], from, bytes, return_data_))
        MOTE_HALT(out_of_gas);
    top -= 3;
    MOTE_NEXT;
}
extcodehash:
{
    Account& account = journal_.account(to_address(*top));
    MOTE_CHARGE(cold_account_cost(account));
    *top = journal_.is_empty(account) ? Word{} : to_word(account.code_hash);
    MOTE_NEXT;
}
blockhash:
    *top = block_hash(*this, *top);
    MOTE_NEXT;
coinbase:
    MOTE_PUSH(to_word(block.coinbase));
timestamp:
    MOTE_PUSH(Word(block.timestamp));
number:
    MOTE_PUSH(Word(block.number));
prevrandao:
    MOTE_PUSH(block.prev_randao);
gaslimit:
    MOTE_PUSH(Word(block.gas_limit));
chainid:
    MOTE_PUSH(block.chain_id);
selfbalance:
    MOTE_PUSH(journal_.balance(*frame.self));
basefee:
    MOTE_PUSH(block.base_fee);
blobhash:
    *top = top->fits_u64() && top->limb[0] < transaction.blob_hashes.size()
               ? to_word(transaction.blob_hashes[static_cast<std::size_t>(top->limb[0])])
               : Word{};
    MOTE_NEXT;
blobbasefee:
    MOTE_PUSH(block.blob_base_fee);

pop:
    --top;
    MOTE_NEXT;
mload:
{
    const std::uint64_t offset = top->fits_u64() ? top->limb[0] : far;
    // The sum cannot overflow where the first comparison is false.
    if (offset >= far || offset + 32 > frame.memory_bytes)
        if (!grow(frame, gas, offset >= far ? 2 * far : offset + 32))
            MOTE_HALT(out_of_gas);
    *top = load_word(frame.memory + offset);
    MOTE_NEXT;
}
mstore:
{
    const std::uint64_t offset = top->fits_u64() ? top->limb[0] : far;
    if (offset >= far || offset + 32 > frame.memory_bytes)
        if (!grow(frame, gas, offset >= far ? 2 * far : offset + 32))
            MOTE_HALT(out_of_gas);
    store_word(frame.memory + offset, top[-1]);
    top -= 2;
    MOTE_NEXT;
}
mstore8:
{
    const std::uint64_t offset = top->fits_u64() ? top->limb[0] : far;
    if (offset >= far || offset + 1 > frame.memory_bytes)
        if (!grow(frame, gas, offset >= far ? 2 * far : offset + 1))
            MOTE_HALT(out_of_gas);
    frame.memory[offset] = static_cast<std::uint8_t>(top[-1].limb[0]);
    top -= 2;
    MOTE_NEXT;
}
sload:
{
    Slot& slot = journal_.slot(*frame.self, *top);
    if (fork_ >= Fork::berlin && journal_.warm_slot(slot))
        MOTE_CHARGE(2000);
    *top = slot.value;
    MOTE_NEXT;
}
sstore:
    MOTE_CALL(store_slot(frame));
jump:
{
    const Instruction* const target =
        top->fits_u64() ? frame.code.destination(top->limb[0]) : nullptr;
    --top;
    if (target == nullptr)
        MOTE_HALT(bad_jump);
    at = target;
    MOTE_GO;
}
jumpi:
{
    top -= 2;
    if (top[1].is_zero())
        MOTE_NEXT;
    const Instruction* const target =
        top[2].fits_u64() ? frame.code.destination(top[2].limb[0]) : nullptr;
    if (target == nullptr)
        MOTE_HALT(bad_jump);
    at = target;
    MOTE_GO;
}
push_jump:
    at = frame.code.instructions + at->argument;
    MOTE_GO;
push_jumpi:
    --top;
    if (top[1].is_zero())
        MOTE_NEXT;
    at = frame.code.instructions + at->argument;
    MOTE_GO;
bad_jump:
    MOTE_HALT(bad_jump);
bad_jumpi:
    --top;
    if (top[1].is_zero())
        MOTE_NEXT;
    MOTE_HALT(bad_jump);
msize:
    MOTE_PUSH(Word(frame.memory_bytes));
gas:
    MOTE_PUSH(Word(static_cast<std::uint64_t>(gas)));
tload:
    *top = journal_.transient(*frame.self, *top);
    MOTE_NEXT;
tstore:
    if (frame.message.is_static)
        MOTE_HALT(write_in_static_call);
    journal_.set_transient(*frame.self, top[0], top[-1]);
    top -= 2;
    MOTE_NEXT;
mcopy:
{
    Stretch to, from;
    // The larger end decides what is charged, so both may be reached one after the other.
    if (!reach(*this, frame, gas, top[0], top[-2], to) ||
        !reach(*this, frame, gas, top[-1], top[-2], from))
        MOTE_HALT(out_of_gas);
    MOTE_CHARGE(3 * words_of(to.bytes));
    if (to.bytes != 0)
        std::memmove(frame.memory + to.offset, frame.memory + from.offset,
                     static_cast<std::size_t>(to.bytes));
    top -= 3;
    MOTE_NEXT;
}

push0:
pc:
push:
    MOTE_PUSH(Word(at->argument));
push_word:
    MOTE_PUSH(frame.code.words[at->argument]);

    MOTE_DUP(1);
    MOTE_DUP(2);
    MOTE_DUP(3);
    MOTE_DUP(4);
    MOTE_DUP(5);
    MOTE_DUP(6);
    MOTE_DUP(7);
    MOTE_DUP(8);
    MOTE_DUP(9);
    MOTE_DUP(10);
    MOTE_DUP(11);
    MOTE_DUP(12);
    MOTE_DUP(13);
    MOTE_DUP(14);
    MOTE_DUP(15);
    MOTE_DUP(16);
    MOTE_SWAP(1);
    MOTE_SWAP(2);
    MOTE_SWAP(3);
    MOTE_SWAP(4);
    MOTE_SWAP(5);
    MOTE_SWAP(6);
    MOTE_SWAP(7);
    MOTE_SWAP(8);
    MOTE_SWAP(9);
    MOTE_SWAP(10);
    MOTE_SWAP(11);
    MOTE_SWAP(12);
    MOTE_SWAP(13);
    MOTE_SWAP(14);
    MOTE_SWAP(15);
    MOTE_SWAP(16);

log0:
log1:
log2:
log3:
log4:
{
    if (frame.message.is_static)
        MOTE_HALT(write_in_static_call);
    Stretch s;
    if (!reach(*this, frame, gas, top[0], top[-1], s))
        MOTE_HALT(out_of_gas);
    MOTE_CHARGE(8 * static_cast<std::int64_t>(s.bytes));
    Log log;
    log.address = frame.message.recipient;
    log.topic_count = static_cast<std::uint32_t>(at->op() - 0xa0);
    log.data = {frame.memory + s.offset, static_cast<std::size_t>(s.bytes)};
    for (std::uint32_t i = 0; i < log.topic_count; ++i)
        log.topics[i] = top[-2 - static_cast<std::ptrdiff_t>(i)];
    journal_.add_log(log);
    top -= 2 + log.topic_count;
    MOTE_NEXT;
}

create:
    MOTE_CALL(this->create(frame, CallKind::create));
create2:
    MOTE_CALL(this->create(frame, CallKind::create2));
call:
    MOTE_CALL(this->call(frame, CallKind::call));
callcode:
    MOTE_CALL(this->call(frame, CallKind::callcode));
delegatecall:
    MOTE_CALL(this->call(frame, CallKind::delegatecall));
staticcall:
    MOTE_CALL(this->call(frame, CallKind::staticcall));
selfdestruct:
    MOTE_CALL(self_destruct(frame));

return_:
revert:
{
    Stretch s;
    if (!reach(*this, frame, gas, top[0], top[-1], s))
        MOTE_HALT(out_of_gas);
    frame.output = {frame.memory + s.offset, static_cast<std::size_t>(s.bytes)};
    frame.halt = at->op() == op::revert ? Halt::revert : Halt::success;
    frame.gas = gas;
    return Step::halt;
}

halted:
    frame.gas = 0;
    frame.output = {};
    return Step::halt;
}
}  // namespace mote::evm
