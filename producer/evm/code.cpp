#include "evm/code.hpp"

#include <algorithm>

#include "evm/opcodes.hpp"

namespace mote::evm
{
namespace
{
constexpr std::uint32_t saturated_height = 1025;  // one more than any stack holds

[[nodiscard]] constexpr bool is_push(std::uint8_t code) noexcept
{
    return code >= op::push1 && code <= op::push32;
}
[[nodiscard]] constexpr std::size_t push_bytes(std::uint8_t code) noexcept
{
    return static_cast<std::size_t>(code - op::push1) + 1;
}

/// Whether nothing after it runs unless it is jumped to.
[[nodiscard]] constexpr bool ends_code(std::uint8_t code) noexcept
{
    return code == op::stop || code == op::jump || code == op::return_ || code == op::revert ||
           code == op::invalid || code == op::selfdestruct;
}

/// Whether the next instruction starts a block: it may be jumped over, or must see exact gas.
[[nodiscard]] constexpr bool ends_block(std::uint8_t code) noexcept
{
    return code == op::jumpi || code == op::gas || code == op::sstore || code == op::create ||
           code == op::create2 || code == op::call || code == op::callcode ||
           code == op::delegatecall || code == op::staticcall;
}

struct Counts
{
    std::size_t operations = 0, words = 0, destinations = 0;
};

class Analysis
{
  public:
    Analysis(Bytes raw, Fork fork, bool traced) noexcept
        : raw_(raw), fork_(fork), traced_(traced), gas_(static_gas(fork))
    {
    }

    [[nodiscard]] bool run(Arena& arena, Code& out) noexcept
    {
        const std::size_t mark = arena.used();
        const std::size_t groups = raw_.size() / 64 + 1;
        Destinations* const destinations = arena.take<Destinations>(groups);
        if (destinations == nullptr)
            return arena.release_to(mark), false;
        const Counts counts = scan(destinations, groups);
        targets_ = arena.take<std::uint32_t>(counts.destinations);
        words_ = arena.take<Word>(counts.words);
        const std::size_t each = traced_ ? 3 : 2;
        instructions_ = arena.take<Instruction>(each * (counts.operations + 1));
        if (targets_ == nullptr || words_ == nullptr || instructions_ == nullptr)
            return arena.release_to(mark), false;
        code_ = {raw_, instructions_, destinations, targets_, words_};
        emit();
        resolve();
        // What was taken for code that nothing reaches goes back: the instructions came last.
        arena.release_to(arena.used() -
                         (each * (counts.operations + 1) - count_) * sizeof(Instruction));
        out = code_;
        return true;
    }

  private:
    [[nodiscard]] Counts scan(Destinations* groups, std::size_t group_count) noexcept
    {
        std::fill_n(groups, group_count, Destinations{});
        Counts counts;
        for (std::size_t i = 0; i < raw_.size(); ++i, ++counts.operations)
        {
            const std::uint8_t code = raw_[i];
            if (code == op::jumpdest)
            {
                groups[i / 64].bits |= std::uint64_t{1} << (i % 64);
                ++counts.destinations;
            }
            else if (is_push(code))
            {
                i += push_bytes(code);
                counts.words += code > op::push1 + 3 ? 1 : 0;
            }
        }
        std::uint64_t before = 0;
        for (std::size_t i = 0; i < group_count; ++i)
        {
            groups[i].before = before;
            before += static_cast<std::uint64_t>(std::popcount(groups[i].bits));
        }
        return counts;
    }

    void put(std::uint8_t code, std::uint32_t argument) noexcept
    {
        instructions_[count_++] = {code, argument};
    }

    void open_block(std::size_t position) noexcept
    {
        if (traced_)
            put(op::trace, static_cast<std::uint32_t>(position));
        block_ = count_;
        put(op::block, 0);
        height_ = 0;
        needs_ = grows_ = 0;
        block_gas_ = 0;
    }

    void close_block() noexcept
    {
        const auto limit = [](std::int64_t n)
        { return static_cast<std::uint32_t>(std::min<std::int64_t>(n, saturated_height)); };
        Instruction& block = instructions_[block_];
        block.head = op::block | limit(needs_) << 8 | limit(grows_) << 20;
        block.argument = block_gas_;
    }

    void account(std::uint8_t code) noexcept
    {
        block_gas_ += gas_[code];
        needs_ = std::max(needs_, opcodes[code].popped - height_);
        height_ += opcodes[code].pushed - opcodes[code].popped;
        grows_ = std::max(grows_, height_);
    }

    void push(std::uint8_t code, std::size_t position) noexcept
    {
        const std::size_t n = push_bytes(code);
        // Code that ends within the data goes on with zeros.
        const std::size_t there = std::min(n, raw_.size() - position - 1);
        const Word value = word_from(raw_.subspan(position + 1, there))
                           << static_cast<unsigned>(8 * (n - there));
        if (value.fits_u64() && value.limb[0] <= UINT32_MAX)
            return put(op::push1, static_cast<std::uint32_t>(value.limb[0]));
        words_[word_count_] = value;
        put(op::push_word, static_cast<std::uint32_t>(word_count_++));
    }

    /// Replaces a constant and the jump after it by one instruction. The target is resolved later.
    void jump(std::uint8_t code) noexcept
    {
        const bool conditional = code == op::jumpi;
        // The first instruction after a block's opening may be a push of the block before.
        const bool fusable = !traced_ && count_ > block_ + 1;
        const Instruction last = instructions_[count_ - 1];
        if (fusable && last.op() == op::push1)
        {
            --count_;
            const bool good = code_.raw.size() > last.argument && is_destination(last.argument);
            if (good)
                return put(conditional ? op::push_jumpi : op::push_jump, last.argument);
            return put(conditional ? op::bad_jumpi : op::bad_jump, 0);
        }
        put(code, 0);
    }

    [[nodiscard]] bool is_destination(std::uint32_t position) const noexcept
    {
        return ((code_.destinations[position / 64].bits >> (position % 64)) & 1) != 0;
    }

    void emit() noexcept
    {
        bool reachable = true, open = false;
        std::size_t i = 0;
        for (; i < raw_.size(); ++i)
        {
            std::uint8_t code = raw_[i];
            const std::size_t skipped = is_push(code) ? push_bytes(code) : 0;
            if (code == op::jumpdest)
            {
                if (open)
                    close_block();
                targets_[target_count_++] = static_cast<std::uint32_t>(count_);
                open_block(i);
                open = reachable = true;
                account(code);
                if (traced_)
                {
                    close_block();
                    open = false;
                }
                continue;
            }
            if (!reachable)
            {
                i += skipped;
                continue;
            }
            if (!open)
                open_block(i);
            open = true;
            if (!defined(code, fork_))
                code = op::invalid;
            account(code);
            if (skipped != 0)
                push(code, i);
            else if (code == op::push0)
                put(op::push1, 0);
            else if (code == op::pc)
                put(op::push1, static_cast<std::uint32_t>(i));
            else if (code == op::jump || code == op::jumpi)
                jump(code);
            else
                put(code, 0);
            i += skipped;
            reachable = !ends_code(code);
            // A block's gas stays far from 2^32, however long it is.
            if (!reachable || ends_block(code) || traced_ || block_gas_ > (1U << 30))
            {
                close_block();
                open = false;
            }
        }
        if (!reachable)
            return;
        if (open)
            close_block();
        else if (traced_)
            put(op::trace, static_cast<std::uint32_t>(raw_.size()));
        put(op::stop, 0);
    }

    void resolve() noexcept
    {
        for (std::size_t i = 0; i < count_; ++i)
        {
            Instruction& x = instructions_[i];
            if (x.op() == op::push_jump || x.op() == op::push_jumpi)
                x.argument =
                    static_cast<std::uint32_t>(code_.destination(x.argument) - instructions_);
        }
    }

    Bytes raw_;
    Fork fork_;
    bool traced_;
    const std::array<std::uint16_t, 256>& gas_;
    Code code_;
    std::uint32_t* targets_ = nullptr;
    Word* words_ = nullptr;
    Instruction* instructions_ = nullptr;
    std::size_t count_ = 0, word_count_ = 0, target_count_ = 0, block_ = 0;
    std::int64_t height_ = 0, needs_ = 0, grows_ = 0;
    std::uint32_t block_gas_ = 0;
};
}  // namespace

bool analyse(Bytes raw, Fork fork, bool traced, Arena& arena, Code& out) noexcept
{
    return Analysis(raw, fork, traced).run(arena, out);
}

CodeCache::CodeCache(MutableBytes memory, Fork fork, bool traced) noexcept
    : arena_(memory.data(), memory.size()), bytes_(memory.size()), fork_(fork), traced_(traced)
{
    clear();
}

void CodeCache::clear() noexcept
{
    arena_.release_to(0);
    count_ = 0;
    ++generation_;
    // An entry takes at least 256 bytes with its code, so the table is never more than half full.
    slot_count_ = static_cast<std::size_t>(next_power_of_two(bytes_ / 128 + 2));
    slots_ = arena_.take<Entry*>(slot_count_);
    if (slots_ == nullptr)
        slot_count_ = 0;
    else
        std::fill_n(slots_, slot_count_, nullptr);
}

void CodeCache::make_room(std::size_t bytes) noexcept
{
    if (arena_.used() + bytes > bytes_ || 2 * count_ > slot_count_)
        clear();
}

const Code* CodeCache::find(const Hash& hash, Bytes raw) noexcept
{
    if (slot_count_ == 0)
        return nullptr;
    // Hashes of code are as good as random, and grinding them for one bucket gains little.
    std::size_t at = load_le64(hash.data()) & (slot_count_ - 1);
    for (; slots_[at] != nullptr; at = (at + 1) & (slot_count_ - 1))
        if (slots_[at]->hash == hash)
            return &slots_[at]->code;
    if (4 * (count_ + 1) > 3 * slot_count_)
        return nullptr;

    const std::size_t mark = arena_.used();
    Entry* const entry = arena_.take<Entry>(1);
    std::uint8_t* const copy = arena_.take<std::uint8_t>(raw.size());
    if (entry == nullptr || copy == nullptr)
        return arena_.release_to(mark), nullptr;
    std::copy(raw.begin(), raw.end(), copy);
    entry->hash = hash;
    if (!analyse({copy, raw.size()}, fork_, traced_, arena_, entry->code))
        return arena_.release_to(mark), nullptr;
    slots_[at] = entry;
    ++count_;
    return &entry->code;
}
}  // namespace mote::evm
