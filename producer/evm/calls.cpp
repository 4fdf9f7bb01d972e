// Calls, creations and self-destruction: everything that changes which frame is innermost.
#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "evm/delegation.hpp"
#include "evm/gas.hpp"
#include "evm/machine.hpp"
#include "evm/precompiles.hpp"
#include "hash/keccak.hpp"

namespace mote::evm
{
namespace
{
/// The words of each frame's stack begin where its caller's end, so this many hold any nesting.
constexpr std::size_t frame_area_bytes = (depth_max + 1) * sizeof(Frame);

[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t n, std::uint64_t unit) noexcept
{
    return (n + unit - 1) / unit * unit;
}
}  // namespace

Machine::Machine(const MachineMemory& memory, Fork fork, std::uint64_t seed,
                 Tracer* tracer) noexcept
    : memory_(memory),
      fork_(fork),
      tracer_(tracer),
      journal_(memory.journal, seed),
      codes_(memory.codes, fork, tracer != nullptr)
{
    if (memory_.words.size() <= frame_area_bytes)
        return;
    frames_ = reinterpret_cast<Frame*>(memory_.words.data());
    words_ = reinterpret_cast<Word*>(memory_.words.data() + round_up(frame_area_bytes, 64));
}

Outcome Machine::run(const Message& message) noexcept
{
    frame_count_ = 0;
    return_data_ = {};
    outcome_ = {};
    if (frames_ == nullptr)
    {
        journal_.set_fault(Fault::memory);
        return outcome_;
    }
    const bool creation = message.kind == CallKind::create || message.kind == CallKind::create2;
    static_cast<void>(creation ? start_create(message) : start_call(message));
    while (frame_count_ != 0)
    {
        Frame& frame = frames_[frame_count_ - 1];
        // A fault makes the result meaningless; there is no reason to go on.
        if (journal_.fault() != Fault::none)
        {
            frame_count_ = 0;
            break;
        }
        if (execute(frame) == Step::halt)
            finish(frame);
    }
    return outcome_;
}

Frame* Machine::caller_of_new() noexcept
{
    return frame_count_ == 0 ? nullptr : &frames_[frame_count_ - 1];
}

std::uint8_t* Machine::free_memory() noexcept
{
    if (frame_count_ == 0)
        return memory_.memories.data();
    const Frame& innermost = frames_[frame_count_ - 1];
    return innermost.memory + innermost.memory_bytes;
}

bool Machine::grow(Frame& frame, std::int64_t& gas, std::uint64_t end) noexcept
{
    // Words below 2^31 keep the square below 2^62. What is farther costs more than 2^53 gas.
    constexpr std::uint64_t end_max = std::uint64_t{1} << 36;
    const std::uint64_t now = frame.memory_bytes / 32;
    const std::uint64_t words = (std::min(end, end_max) + 31) / 32;
    if (words > now)
    {
        const std::uint64_t cost = 3 * (words - now) + (words * words / 512 - now * now / 512);
        if (static_cast<std::uint64_t>(gas) < cost)
            return false;
        gas -= static_cast<std::int64_t>(cost);
    }
    std::uint8_t* const limit = memory_.memories.data() + memory_.memories.size();
    if (end >= end_max || static_cast<std::uint64_t>(limit - frame.memory) < 32 * words)
    {
        journal_.set_fault(Fault::memory);
        return false;
    }
    if (words > now)
    {
        std::memset(frame.memory + frame.memory_bytes, 0,
                    static_cast<std::size_t>(32 * words - frame.memory_bytes));
        frame.memory_bytes = 32 * words;
    }
    return true;
}

std::int64_t Machine::cold_account_cost(Account& account) noexcept
{
    // Precompiled contracts are always warm.
    return fork_ >= Fork::berlin && journal_.warm_account(account) &&
                   precompile_at(account.address, fork_) == 0
               ? gas_cost::cold_account - gas_cost::warm_access
               : 0;
}

void Machine::move_value(Account& from, Account& to, const Word& value) noexcept
{
    if (value.is_zero())
        return;
    journal_.set_balance(from, journal_.balance(from) - value);
    journal_.add_balance(to, value);
}

bool Machine::code_of(Account& account, std::uint8_t*& memory, Code& out) noexcept
{
    const Bytes raw = journal_.code(account);
    if (account.analysed != nullptr && account.analysed_generation == codes_.generation())
    {
        out = *account.analysed;
        return true;
    }
    account.analysed = codes_.find(account.code_hash, raw);
    account.analysed_generation = codes_.generation();
    if (account.analysed != nullptr)
    {
        out = *account.analysed;
        return true;
    }
    // The cache is full until the next transaction: analyse it before the frame's memory.
    Arena arena(memory, static_cast<std::size_t>(memory_.memories.data() + memory_.memories.size() -
                                                 memory));
    if (!analyse(raw, fork_, codes_.traced(), arena, out))
        return false;
    memory += round_up(arena.used(), 32);
    return true;
}

Step Machine::push_frame(const Message& message, Account& self, const Code& code,
                         const Savepoint& savepoint, std::uint8_t* memory) noexcept
{
    Frame* const caller = caller_of_new();
    Word* const items = caller == nullptr ? words_ : caller->top + 1;
    const auto* const limit =
        reinterpret_cast<const Word*>(memory_.words.data() + memory_.words.size());
    if (frame_count_ > depth_max || limit - items < static_cast<std::ptrdiff_t>(stack_items_max))
    {
        journal_.set_fault(Fault::memory);
        return Step::enter;
    }
    Frame& frame = frames_[frame_count_++];
    frame.next = code.instructions;
    frame.items = items;
    frame.top = items - 1;
    frame.gas = message.gas;
    frame.memory = memory;
    frame.memory_bytes = 0;
    frame.message = message;
    frame.code = code;
    frame.self = &self;
    frame.savepoint = savepoint;
    return_data_ = {};
    return Step::enter;
}

Step Machine::deliver(const Message& message, Halt halt, std::int64_t gas_left,
                      Bytes output) noexcept
{
    const bool creation = message.kind == CallKind::create || message.kind == CallKind::create2;
    // The output lies where the caller's memory may grow to.
    const bool keep = !creation || halt != Halt::success || frame_count_ == 0;
    return_data_ = {};
    if (keep && !output.empty())
    {
        if (output.size() > memory_.returned.size())
        {
            journal_.set_fault(Fault::memory);
            return Step::enter;
        }
        if (output.data() != memory_.returned.data())
            std::memmove(memory_.returned.data(), output.data(), output.size());
        return_data_ = {memory_.returned.data(), output.size()};
    }

    Frame* const caller = caller_of_new();
    const bool success = halt == Halt::success;
    if (caller == nullptr)
    {
        outcome_ = {halt, gas_left, return_data_,
                    creation && success ? message.recipient : Address{}};
        return Step::enter;
    }
    caller->gas += gas_left;
    if (creation)
    {
        *++caller->top = success ? to_word(message.recipient) : Word{};
        return Step::next;
    }
    const std::uint64_t n = std::min<std::uint64_t>(caller->result_bytes, return_data_.size());
    if (n != 0)
        std::memcpy(caller->memory + caller->result_offset, return_data_.data(),
                    static_cast<std::size_t>(n));
    *++caller->top = Word(success ? 1 : 0);
    return Step::next;
}

void Machine::finish(Frame& frame) noexcept
{
    Halt halt = frame.halt;
    std::int64_t gas = frame.gas;
    Bytes output = frame.output;
    const Message& message = frame.message;
    if (halt == Halt::success &&
        (message.kind == CallKind::create || message.kind == CallKind::create2))
    {
        const auto deposit = gas_cost::code_byte * static_cast<std::int64_t>(output.size());
        if (fork_ >= Fork::spurious_dragon && output.size() > code_bytes_max)
            halt = Halt::code_too_large;  // EIP-170
        else if (fork_ >= Fork::london && !output.empty() && output[0] == 0xef)
            halt = Halt::code_starts_with_ef;  // EIP-3541
        else if (gas < deposit && fork_ >= Fork::homestead)
            halt = Halt::out_of_gas;  // EIP-2
        else if (gas >= deposit && !output.empty())
        {
            gas -= deposit;
            journal_.set_code(*frame.self, hash::keccak_256(output), journal_.keep(output));
        }
    }
    if (halt != Halt::success)
        journal_.restore(frame.savepoint);
    if (halt != Halt::success && halt != Halt::revert)
    {
        gas = 0;
        output = {};
    }
    if (tracer_ != nullptr)
    {
        frame.halt = halt;
        frame.gas = gas;
        frame.output = output;
        tracer_->leave(frame);
    }
    const Message done = message;
    --frame_count_;
    static_cast<void>(deliver(done, halt, gas, output));
}

Step Machine::start_call(const Message& message) noexcept
{
    Account& self = journal_.account(message.recipient);
    Account& sender = journal_.account(message.sender);
    const bool moves = message.kind == CallKind::call && !message.value.is_zero();
    if (message.depth > depth_max)
        return deliver(message, Halt::depth_exceeded, message.gas, {});
    const bool pays = moves || (message.kind == CallKind::callcode && !message.value.is_zero());
    if (pays && journal_.balance(sender) < message.value)
        return deliver(message, Halt::balance_insufficient, message.gas, {});

    const Savepoint savepoint = journal_.save();
    if (message.kind == CallKind::call || message.kind == CallKind::staticcall)
        journal_.touch(self);
    if (moves)
        move_value(sender, self, message.value);

    const std::uint32_t number =
        message.precompiles ? precompile_at(message.code_address, fork_) : 0;
    if (number != 0)
    {
        const PrecompileResult result =
            run_precompile(number, fork_, message.input, message.gas, memory_.returned);
        if (result.good)
            return deliver(message, Halt::success, message.gas - result.gas,
                           {memory_.returned.data(), result.output_bytes});
        if (result.memory_ended)
            journal_.set_fault(Fault::memory);
        journal_.restore(savepoint);
        return deliver(message, Halt::precompile_failed, 0, {});
    }

    Account& code_account = journal_.account(message.code_address);
    if (!code_account.has_code())
        return deliver(message, Halt::success, message.gas, {});
    std::uint8_t* memory = free_memory();
    Code code;
    if (!code_of(code_account, memory, code))
    {
        journal_.set_fault(Fault::memory);
        return Step::enter;
    }
    return push_frame(message, self, code, savepoint, memory);
}

Step Machine::start_create(const Message& message) noexcept
{
    Message creation = message;
    Account& sender = journal_.account(message.sender);
    if (message.depth > depth_max)
        return deliver(message, Halt::depth_exceeded, message.gas, {});
    if (!message.value.is_zero() && journal_.balance(sender) < message.value)
        return deliver(message, Halt::balance_insufficient, message.gas, {});
    // A transaction has raised the nonce already.
    std::uint64_t nonce = sender.nonce;
    if (message.depth != 0)
    {
        if (nonce == UINT64_MAX)
            return deliver(message, Halt::nonce_exhausted, message.gas, {});  // EIP-2681
        journal_.set_nonce(sender, nonce + 1);
    }
    else
        --nonce;
    creation.recipient = message.kind == CallKind::create2
                             ? create2_address(message.sender, message.salt, message.input)
                             : create_address(message.sender, nonce);
    creation.code_address = creation.recipient;
    creation.input = {};
    Account& self = journal_.account(creation.recipient);
    if (fork_ >= Fork::berlin)
        journal_.warm_account(self);
    if (self.nonce != 0 || self.has_code() || journal_.has_slots(self))
        return deliver(creation, Halt::address_collision, 0, {});

    const Savepoint savepoint = journal_.save();
    journal_.set_created(self);
    if (fork_ >= Fork::spurious_dragon)
        journal_.set_nonce(self, 1);
    journal_.touch(self);
    move_value(sender, self, message.value);

    std::uint8_t* memory = free_memory();
    Arena arena(memory, static_cast<std::size_t>(memory_.memories.data() + memory_.memories.size() -
                                                 memory));
    Code code;
    if (!analyse(message.input, fork_, codes_.traced(), arena, code))
    {
        journal_.set_fault(Fault::memory);
        return Step::enter;
    }
    memory += round_up(arena.used(), 32);
    return push_frame(creation, self, code, savepoint, memory);
}

Step Machine::call(Frame& frame, CallKind kind) noexcept
{
    const auto halt = [&](Halt why)
    {
        frame.halt = why;
        frame.gas = 0;
        frame.output = {};
        return Step::halt;
    };
    const bool has_value = kind == CallKind::call || kind == CallKind::callcode;
    const Word* top = frame.top;
    const Word wanted = *top--;
    const Address target = to_address(*top--);
    const Word value = has_value ? *top-- : Word{};
    const Word in = top[0], in_bytes = top[-1], out = top[-2], out_bytes = top[-3];
    frame.top = const_cast<Word*>(top) - 4;

    if (kind == CallKind::call && frame.message.is_static && !value.is_zero())
        return halt(Halt::write_in_static_call);
    std::int64_t gas = frame.gas;
    constexpr std::uint64_t far = std::uint64_t{1} << 36;
    std::uint64_t end = 0;
    for (const auto& [offset, bytes] : {std::pair{in, in_bytes}, std::pair{out, out_bytes}})
        if (!bytes.is_zero())
            end = std::max(end, offset.saturated() >= far || bytes.saturated() >= far
                                    ? 2 * far
                                    : offset.limb[0] + bytes.limb[0]);
    if (end > frame.memory_bytes && !grow(frame, gas, end))
        return halt(Halt::out_of_gas);

    Account& callee = journal_.account(target);
    gas -= cold_account_cost(callee);
    Message message;
    message.kind = kind;
    message.code_address = target;
    if (fork_ >= Fork::prague && callee.has_code())
    {
        if (const std::uint8_t* const to = delegation_target(journal_.code(callee)); to != nullptr)
        {
            std::copy_n(to, 20, message.code_address.bytes.begin());
            gas -=
                gas_cost::warm_access + cold_account_cost(journal_.account(message.code_address));
            message.precompiles = false;
        }
    }
    if (!value.is_zero())
        gas -= gas_cost::call_value;
    if (kind == CallKind::call &&
        (fork_ >= Fork::spurious_dragon ? !value.is_zero() && journal_.is_empty(callee)
                                        : !journal_.exists(callee)))
        gas -= gas_cost::new_account;
    if (gas < 0)
        return halt(Halt::out_of_gas);

    const std::uint64_t available = static_cast<std::uint64_t>(gas);
    std::uint64_t given = wanted.saturated();
    if (fork_ >= Fork::tangerine_whistle)
        given = std::min(given, available - available / 64);  // EIP-150
    else if (given > available)
        return halt(Halt::out_of_gas);
    frame.gas = gas - static_cast<std::int64_t>(given);
    message.gas = static_cast<std::int64_t>(given) + (value.is_zero() ? 0 : gas_cost::stipend);

    const bool of_caller = kind == CallKind::callcode || kind == CallKind::delegatecall;
    message.is_static = frame.message.is_static || kind == CallKind::staticcall;
    message.depth = frame.message.depth + 1;
    message.recipient = of_caller ? frame.message.recipient : target;
    message.sender =
        kind == CallKind::delegatecall ? frame.message.sender : frame.message.recipient;
    message.value = kind == CallKind::delegatecall ? frame.message.value : value;
    if (!in_bytes.is_zero())
        message.input = {frame.memory + in.limb[0], static_cast<std::size_t>(in_bytes.limb[0])};
    frame.result_offset = out_bytes.is_zero() ? 0 : out.limb[0];
    frame.result_bytes = out_bytes.saturated();
    if (tracer_ != nullptr)
        tracer_->enter(frame);
    return start_call(message);
}

Step Machine::create(Frame& frame, CallKind kind) noexcept
{
    const auto halt = [&](Halt why)
    {
        frame.halt = why;
        frame.gas = 0;
        frame.output = {};
        return Step::halt;
    };
    const Word value = frame.top[0], offset = frame.top[-1], bytes = frame.top[-2];
    Message message;
    message.kind = kind;
    if (kind == CallKind::create2)
        message.salt = frame.top[-3];
    frame.top -= kind == CallKind::create2 ? 4 : 3;
    if (frame.message.is_static)
        return halt(Halt::write_in_static_call);

    std::int64_t gas = frame.gas;
    constexpr std::uint64_t far = std::uint64_t{1} << 36;
    if (!bytes.is_zero())
    {
        const bool is_far = offset.saturated() >= far || bytes.saturated() >= far;
        const std::uint64_t end = is_far ? 2 * far : offset.limb[0] + bytes.limb[0];
        if (end > frame.memory_bytes && !grow(frame, gas, end))
            return halt(Halt::out_of_gas);
        message.input = {frame.memory + offset.limb[0], static_cast<std::size_t>(bytes.limb[0])};
    }
    const auto words = static_cast<std::int64_t>((message.input.size() + 31) / 32);
    if (fork_ >= Fork::shanghai)  // EIP-3860
    {
        if (message.input.size() > init_code_bytes_max)
            return halt(Halt::init_code_too_large);
        gas -= gas_cost::init_code_word * words;
    }
    if (kind == CallKind::create2)
        gas -= gas_cost::keccak_word * words;
    if (gas < 0)
        return halt(Halt::out_of_gas);

    const std::int64_t kept = fork_ >= Fork::tangerine_whistle ? gas / 64 : 0;
    frame.gas = kept;
    message.gas = gas - kept;
    message.depth = frame.message.depth + 1;
    message.sender = frame.message.recipient;
    message.value = value;
    frame.result_bytes = 0;
    if (tracer_ != nullptr)
        tracer_->enter(frame);
    return start_create(message);
}

Step Machine::self_destruct(Frame& frame) noexcept
{
    const auto halt = [&](Halt why)
    {
        frame.halt = why;
        if (why != Halt::success)
            frame.gas = 0;
        frame.output = {};
        return Step::halt;
    };
    if (frame.message.is_static)
        return halt(Halt::write_in_static_call);
    Account& self = *frame.self;
    Account& heir = journal_.account(to_address(*frame.top--));
    if (cold_account_cost(heir) != 0)
        frame.gas -= gas_cost::cold_account;
    if (fork_ >= Fork::spurious_dragon
            ? !journal_.balance(self).is_zero() && journal_.is_empty(heir)
            : fork_ >= Fork::tangerine_whistle && !journal_.exists(heir))
        frame.gas -= gas_cost::new_account;
    if (frame.gas < 0)
        return halt(Halt::out_of_gas);

    const Word balance = journal_.balance(self);
    const bool dies = fork_ < Fork::cancun || journal_.created_now(self);  // EIP-6780
    journal_.touch(heir);
    if (&heir != &self)
        move_value(self, heir, balance);
    else if (dies)
        journal_.set_balance(self, {});  // nobody gets it
    if (dies && journal_.destroy(self) && fork_ < Fork::london)
        journal_.add_refund(gas_cost::destroy_refund);
    return halt(Halt::success);
}

Step Machine::store_slot(Frame& frame) noexcept
{
    const auto halt = [&](Halt why)
    {
        frame.halt = why;
        frame.gas = 0;
        frame.output = {};
        return Step::halt;
    };
    if (frame.message.is_static)
        return halt(Halt::write_in_static_call);
    if (fork_ >= Fork::istanbul && frame.gas <= gas_cost::stipend)
        return halt(Halt::out_of_gas);  // EIP-2200
    const Word key = frame.top[0], value = frame.top[-1];
    frame.top -= 2;
    Slot& slot = journal_.slot(*frame.self, key);
    if (fork_ >= Fork::berlin && journal_.warm_slot(slot))
        frame.gas -= gas_cost::cold_slot;
    const StoreCost cost = store_cost(fork_, slot.original, slot.value, value);
    frame.gas -= cost.gas;
    if (frame.gas < 0)
        return halt(Halt::out_of_gas);
    journal_.add_refund(cost.refund);
    journal_.set_slot(slot, value);
    return Step::next;
}

Address Machine::create_address(const Address& sender, std::uint64_t nonce) noexcept
{
    // rlp([sender, nonce]) is at most 1 + 21 + 9 bytes, so its header is one byte.
    std::uint8_t bytes[31];
    std::size_t n = 1;
    bytes[n++] = 0x80 + 20;
    n = static_cast<std::size_t>(std::copy_n(sender.bytes.begin(), 20, bytes + n) - bytes);
    const auto width = static_cast<std::size_t>(std::bit_width(nonce) + 7) / 8;
    if (nonce == 0 || nonce >= 0x80)
        bytes[n++] = static_cast<std::uint8_t>(0x80 + width);
    for (std::size_t i = width; i-- > 0;)
        bytes[n++] = static_cast<std::uint8_t>(nonce >> (8 * i));
    bytes[0] = static_cast<std::uint8_t>(0xc0 + n - 1);
    const Hash hash = hash::keccak_256({bytes, n});
    Address address;
    std::copy_n(hash.begin() + 12, 20, address.bytes.begin());
    return address;
}

Address Machine::create2_address(const Address& sender, const Word& salt, Bytes init_code) noexcept
{
    std::uint8_t bytes[85] = {0xff};
    std::copy_n(sender.bytes.begin(), 20, bytes + 1);
    store_word(bytes + 21, salt);
    const Hash code = hash::keccak_256(init_code);
    std::copy_n(code.begin(), 32, bytes + 53);
    const Hash hash = hash::keccak_256(bytes);
    Address address;
    std::copy_n(hash.begin() + 12, 20, address.bytes.begin());
    return address;
}

const char* name_of(Halt halt) noexcept
{
    static constexpr std::array<const char*, 16> names = {"success",
                                                          "revert",
                                                          "out of gas",
                                                          "stack underflow or overflow",
                                                          "bad jump destination",
                                                          "invalid instruction",
                                                          "write in a static call",
                                                          "return data out of bounds",
                                                          "address collision",
                                                          "code too large",
                                                          "code starts with 0xef",
                                                          "init code too large",
                                                          "precompiled contract failed",
                                                          "call depth exceeded",
                                                          "balance insufficient",
                                                          "nonce exhausted"};
    return names[static_cast<std::size_t>(halt)];
}
}  // namespace mote::evm
