// Machine: runs calls and creations of one transaction after another, in memory that is given once.
//
// A call does not recurse: its frame goes on a list, the interpreter leaves, and the loop in run() enters
// the innermost frame again and again. So the native stack stays flat at any depth, and nothing is
// allocated for a call. Frames lie behind one another in two stretches of memory that are used as stacks:
//
//     words     | items of frame 0 | items of frame 1 | ...      a frame starts where its caller's items end
//     memories  | memory of frame 0 | memory of frame 1 | ...    the caller's memory cannot grow meanwhile
//
// and what a call returns is kept in a third, since only the last call's is visible.
//
// Worked case: a message to an account without code moves the value and never enters the interpreter.
#pragma once

#include <span>

#include "evm/code.hpp"
#include "evm/journal.hpp"
#include "evm/opcodes.hpp"

namespace mote::evm
{
inline constexpr std::uint32_t depth_max = 1024;
inline constexpr std::uint32_t stack_items_max = 1024;

/// How a frame ended. All but `success` and `revert` cost all of its gas.
enum class Halt : std::uint8_t
{
    success,
    revert,
    out_of_gas,
    stack_underflow_or_overflow,
    bad_jump,
    invalid_instruction,
    write_in_static_call,
    return_data_out_of_bounds,
    address_collision,
    code_too_large,
    code_starts_with_ef,
    init_code_too_large,
    precompile_failed,
    depth_exceeded,        ///< the call was not made; its gas comes back
    balance_insufficient,  ///< likewise
    nonce_exhausted,       ///< likewise
};

[[nodiscard]] const char* name_of(Halt halt) noexcept;

enum class CallKind : std::uint8_t
{
    call,
    callcode,
    delegatecall,
    staticcall,
    create,
    create2,
};

struct Message
{
    CallKind kind = CallKind::call;
    bool is_static = false;
    std::uint32_t depth = 0;
    std::int64_t gas = 0;
    Address sender;
    Address recipient;        ///< whose storage and balance; of a creation the new address
    Address code_address;     ///< whose code; after a delegation was followed
    bool precompiles = true;  ///< whether code_address may name a precompiled contract
    Word value;
    Bytes input;  ///< of a creation the init code
    Word salt;    ///< of create2
};

/// What a transaction tells every frame in it.
struct TransactionContext
{
    Address origin;
    Word gas_price;
    std::span<const Hash> blob_hashes;
};

struct Outcome
{
    Halt halt = Halt::success;
    std::int64_t gas_left = 0;
    Bytes output;     ///< valid until the next run()
    Address created;  ///< of a creation that succeeded
};

struct Frame
{
    const Instruction* next = nullptr;
    Word* items = nullptr;  ///< the lowest item
    Word* top = nullptr;    ///< the highest item; items - 1 when there is none
    std::int64_t gas = 0;
    std::uint8_t* memory = nullptr;
    std::uint64_t memory_bytes = 0;  ///< a multiple of 32
    Message message;
    Code code;
    Account* self = nullptr;
    Savepoint savepoint;
    Halt halt = Halt::success;
    Bytes output;
    // Where the caller wants the result of the call it is in.
    std::uint64_t result_offset = 0, result_bytes = 0;
    bool result_is_address = false;
};

/// What the machine works in. Everything is reused; sizes bound what gas can pay for.
struct MachineMemory
{
    MutableBytes words;     ///< 33 MiB hold any stack: 1,025 frames of 1,024 items
    MutableBytes memories;  ///< memories of all frames at once, and init codes being run
    MutableBytes returned;  ///< the output of one call
    MutableBytes journal;
    MutableBytes codes;  ///< analysed codes, kept from block to block
};

class Machine;

/// Hears of every instruction. Only machines made with a tracer run the traced form of code.
class Tracer
{
  public:
    /// Before an instruction; frame.gas and frame.top are up to date.
    virtual void instruction(Machine& machine, const Frame& frame, std::uint32_t position) = 0;
    /// A call or creation was charged to `caller`, its gas included, and starts.
    virtual void enter(const Frame& caller) = 0;
    /// A frame ended.
    virtual void leave(const Frame& frame) = 0;

  protected:
    ~Tracer() = default;
};

/// Whether the interpreter goes on with the same frame.
enum class Step : std::uint8_t
{
    next,   ///< with the next instruction
    enter,  ///< not now: another frame is innermost
    halt,   ///< it has ended, see Frame::halt
};

class Machine
{
  public:
    /// Memory  the caller's, for the life of the machine, aligned to 16 bytes.
    Machine(const MachineMemory& memory, Fork fork, std::uint64_t seed,
            Tracer* tracer = nullptr) noexcept;

    /// Runs a call or a creation to its end.
    ///
    /// Errors  journal().fault() says whether the outcome means anything.
    [[nodiscard]] Outcome run(const Message& message) noexcept;

    /// The address of a contract that `sender` creates as the nonce-th. Source: [YP] equation 85.
    [[nodiscard]] static Address create_address(const Address& sender,
                                                std::uint64_t nonce) noexcept;
    /// Source: [EIPS] 1014.
    [[nodiscard]] static Address create2_address(const Address& sender, const Word& salt,
                                                 Bytes init_code) noexcept;

    [[nodiscard]] Journal& journal() noexcept { return journal_; }
    [[nodiscard]] CodeCache& codes() noexcept { return codes_; }
    [[nodiscard]] Fork fork() const noexcept { return fork_; }
    [[nodiscard]] Tracer* tracer() noexcept { return tracer_; }
    [[nodiscard]] const Bytes& return_data() const noexcept { return return_data_; }

    BlockContext block;
    TransactionContext transaction;

    // For the interpreter only (interpreter.cpp, calls.cpp).
    [[nodiscard]] Step execute(Frame& frame) noexcept;
    [[nodiscard]] Step call(Frame& frame, CallKind kind) noexcept;
    [[nodiscard]] Step create(Frame& frame, CallKind kind) noexcept;
    [[nodiscard]] Step self_destruct(Frame& frame) noexcept;
    [[nodiscard]] Step store_slot(Frame& frame) noexcept;
    /// Makes memory reach to `end` and charges for it; false when gas or memory ends.
    [[nodiscard]] bool grow(Frame& frame, std::int64_t& gas, std::uint64_t end) noexcept;
    /// Charges `access` for a cold account (EIP-2929); returns it.
    [[nodiscard]] std::int64_t cold_account_cost(Account& account) noexcept;

  private:
    [[nodiscard]] Step start_call(const Message& message) noexcept;
    [[nodiscard]] Step start_create(const Message& message) noexcept;
    [[nodiscard]] Step push_frame(const Message& message, Account& self, const Code& code,
                                  const Savepoint& savepoint, std::uint8_t* memory) noexcept;
    void finish(Frame& frame) noexcept;
    [[nodiscard]] Step deliver(const Message& message, Halt halt, std::int64_t gas_left,
                               Bytes output) noexcept;
    [[nodiscard]] bool code_of(Account& account, std::uint8_t*& memory, Code& out) noexcept;
    void move_value(Account& from, Account& to, const Word& value) noexcept;
    [[nodiscard]] Frame* caller_of_new() noexcept;
    [[nodiscard]] std::uint8_t* free_memory() noexcept;

    MachineMemory memory_;
    Fork fork_;
    Tracer* tracer_;
    Journal journal_;
    CodeCache codes_;
    Frame* frames_ = nullptr;
    Word* words_ = nullptr;
    std::uint32_t frame_count_ = 0;
    Bytes return_data_;
    Outcome outcome_;
};
}  // namespace mote::evm
