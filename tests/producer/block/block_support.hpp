// Random blocks over a small state in which everything meets everything: payments, contracts that call each
// other, creations, self-destruction, delegations, senders without funds, nonces that are wrong.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "block/parallel.hpp"
#include "block/sequential.hpp"
#include "hash/keccak.hpp"
#include "map_state.hpp"
#include "tools/state_history.hpp"

namespace mote::test
{
using evm::Address;
using evm::Word;
using evm_tool::MapState;

inline constexpr evm::MemoryLimits small_limits = {std::size_t{64} << 20, std::size_t{16} << 20,
                                                   std::size_t{64} << 20, std::size_t{8} << 20};

inline Address address_of(std::uint64_t n)
{
    Address a;
    store_be(a.bytes.data() + 12, n);
    return a;
}

/// A program, statement by statement.
class Assembler
{
  public:
    std::vector<std::uint8_t> code;

    Assembler& op(std::initializer_list<unsigned> bytes)
    {
        for (const unsigned byte : bytes)
            code.push_back(static_cast<std::uint8_t>(byte));
        return *this;
    }
    Assembler& push(const Word& value)
    {
        code.push_back(0x7f);
        const evm::Hash bytes = evm::to_hash(value);
        code.insert(code.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Assembler& push(const Address& address) { return push(evm::to_word(address)); }
    /// slot[key] = the item on top.
    Assembler& store(std::uint64_t key) { return push(Word(key)).op({0x55}); }
    Assembler& load(std::uint64_t key) { return push(Word(key)).op({0x54}); }
    /// Puts bytes at the start of memory; returns how many.
    std::size_t to_memory(const std::vector<std::uint8_t>& bytes)
    {
        for (std::size_t at = 0; at < bytes.size(); at += 32)
        {
            std::array<std::uint8_t, 32> word = {};
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                        std::min<std::size_t>(32, bytes.size() - at), word.begin());
            push(evm::load_word(word.data())).push(Word(at)).op({0x52});
        }
        return bytes.size();
    }
};

/// Forwards to a view and gives way to other threads now and then.
class YieldingView final : public evm::StateView
{
  public:
    YieldingView(MapState& state, std::uint64_t seed) : state_(state), calls_(seed) {}

    evm::Found account(const Address& address, evm::AccountFields& out) noexcept override
    {
        yield();
        if (fails_at && *fails_at == address)
            return evm::Found::unavailable;
        return state_.account(address, out);
    }
    bool slot(const Address& address, const Word& key, Word& out) noexcept override
    {
        yield();
        return state_.slot(address, key, out);
    }
    bool has_slots(const Address& address, bool& out) noexcept override
    {
        yield();
        return state_.has_slots(address, out);
    }
    bool code(const Address& address, const evm::Hash& hash, Bytes& out) noexcept override
    {
        yield();
        return state_.code(address, hash, out);
    }
    bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override
    {
        return state_.block_hash(number, out);
    }

    std::optional<Address> fails_at;

  private:
    void yield()
    {
        if (calls_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed) >> 62 == 0)
            std::this_thread::yield();
    }
    MapState& state_;
    std::atomic<std::uint64_t> calls_;
};

/// A block and the state before it.
class RandomBlock
{
  public:
    MapState state;
    block::Header header;
    std::vector<block::Prepared> transactions;

    RandomBlock(std::uint64_t seed, std::size_t count) : random_(seed)
    {
        header.number = 300;
        header.timestamp = 1'800'000'000;
        header.gas_limit = 1'000'000'000;
        header.base_fee = Word(7);
        make_addresses();
        make_state();
        // The coinbase is nobody, a sender, a contract, or an account with a balance.
        const std::array<Address, 4> coinbases = {address_of(0xc01), senders_[0], contracts_[0],
                                                  address_of(0xe0a)};
        header.coinbase = coinbases[seed % 4];
        datas_.reserve(count);
        lists_.reserve(count);
        keys_.reserve(count);
        authorizations_.reserve(count);
        // Nonces follow from what executing comes to.
        const evm::HostedMemory memory(small_limits);
        const auto machine = std::make_unique<evm::Machine>(memory.get(), header.fork, 0);
        machine->block = block::context_of(header);
        machine->journal().clear(state);
        for (std::size_t i = 0; i < count; ++i)
        {
            transactions.push_back(transaction(machine->journal()));
            block::Outcome ignored;
            block::execute_one(*machine, transactions.back(), 0, ignored);
        }
    }

    [[nodiscard]] std::span<const Address> addresses() const { return addresses_; }

    /// What creates at one address now an account with a slot, now one that is gone at once, with another slot.
    static std::vector<std::uint8_t> destroyed_if_paid(const std::vector<std::uint8_t>& runtime)
    {
        Assembler stays;
        stays.push(Word(9)).store(0);
        stays.to_memory(runtime);
        stays.push(Word(runtime.size())).op({0x60, 0x00, 0xf3});
        Assembler out;
        out.op({0x34}).push(Word(35 + stays.code.size())).op({0x57});
        out.code.insert(out.code.end(), stays.code.begin(), stays.code.end());
        out.op({0x5b}).push(Word(7)).store(1).op({0x33, 0xff});
        return out.code;
    }

  private:
    void make_addresses()
    {
        for (std::uint64_t i = 0; i < 7; ++i)
            senders_.push_back(address_of(0xa00 + i));
        for (std::uint64_t i = 0; i < 6; ++i)
            contracts_.push_back(address_of(0xcc00 + i));
        // Whoever a made-up signature belongs to.
        for (const Address& contract : contracts_)
            if (Address authority; evm::recover_authority(authorization(contract), authority))
                senders_.push_back(authority);
        addresses_ = senders_;
        addresses_.insert(addresses_.end(), contracts_.begin(), contracts_.end());
        for (const std::uint64_t other : {0xe0aU, 0xe0bU, 0xc01U, 4U})
            addresses_.push_back(address_of(other));
        for (const auto& init : init_codes())
            for (std::uint64_t salt = 0; salt < 2; ++salt)
                addresses_.push_back(
                    evm::Machine::create2_address(contracts_[0], Word(salt), init));
        for (std::uint64_t nonce = 1; nonce < 3; ++nonce)
            addresses_.push_back(evm::Machine::create_address(contracts_[1], nonce));
    }

    void make_state()
    {
        for (std::size_t i = 0; i < senders_.size(); ++i)
            if (i % 4 != 3)  // the others are poor
                state.accounts[senders_[i]].balance = Word(1'000'000'000'000);
        state.accounts[senders_[1]].nonce = 5;
        // A sender who delegates, and one that may not send.
        std::vector<std::uint8_t> delegation = {0xef, 0x01, 0x00};
        delegation.insert(delegation.end(), contracts_[2].bytes.begin(), contracts_[2].bytes.end());
        state.accounts[senders_[2]].nonce = 1;
        state.set_code(state.accounts[senders_[2]], delegation);
        state.accounts[address_of(0xe0a)].balance = Word(5);
        for (const Address& contract : contracts_)
        {
            evm_tool::MapAccount& account = state.accounts[contract];
            account.nonce = 1;
            account.balance = Word(random_.below(1000));
            state.set_code(account, program());
            for (std::uint64_t key = 0; key < 3; ++key)
                if (random_.below(2) == 0)
                    account.slots[Word(key)] = Word(1 + random_.below(5));
        }
        state.set_code(state.accounts[senders_[6]], {0x00});
        state.accounts[senders_[6]].nonce = 1;
    }

    [[nodiscard]] const Address& any(const std::vector<Address>& from)
    {
        return from[random_.below(from.size())];
    }

    [[nodiscard]] static evm::Authorization authorization(const Address& contract)
    {
        evm::Authorization a;
        a.address = contract;
        a.r = Word(0x1234567);
        a.s = Word(0x7654321);
        return a;
    }

    /// What creates: an account that destroys itself when called; one that is gone at once; one with a slot; a
    /// failure; one that is gone at once if it is paid.
    static std::vector<std::vector<std::uint8_t>> init_codes()
    {
        std::vector<std::vector<std::uint8_t>> out;
        const std::vector<std::uint8_t> runtime = {0x60, 0x01, 0x60, 0x00, 0x54, 0x01,
                                                   0x60, 0x00, 0x55, 0x33, 0xff};
        Assembler deploys;
        deploys.to_memory(runtime);
        deploys.push(Word(runtime.size())).op({0x60, 0x00, 0xf3});
        out.push_back(deploys.code);
        out.push_back(Assembler().push(Word(3)).store(0).op({0x33, 0xff}).code);
        Assembler with_slot;
        with_slot.push(Word(9)).store(1);
        with_slot.to_memory(runtime);
        with_slot.push(Word(runtime.size())).op({0x60, 0x00, 0xf3});
        out.push_back(with_slot.code);
        out.push_back({0x60, 0x00, 0x60, 0x00, 0xfd});
        out.push_back(destroyed_if_paid(runtime));
        return out;
    }

    void statement(Assembler& to)
    {
        const std::uint64_t key = random_.below(4), other = random_.below(4);
        const Address address = any(addresses_);
        switch (random_.below(16))
        {
            case 0:
                to.load(other).push(Word(random_.below(3))).op({0x01}).store(key);
                break;
            case 1:  // slot[slot[key] & 3] += 1
                to.load(key)
                    .push(Word(3))
                    .op({0x16, 0x80, 0x54})
                    .push(Word(1))
                    .op({0x01, 0x90, 0x55});
                break;
            case 2:
            case 3:
            case 4:  // call with a value
                to.op({0x5f, 0x5f, 0x5f, 0x5f}).push(Word(random_.below(3))).push(address);
                to.op({0x5a, 0xf1}).store(key);
                break;
            case 5:
                to.push(address).op({0x31}).store(key);
                break;
            case 6:
                to.push(address).op({0x3f}).store(key);
                break;
            case 7:
            case 8:
            {
                const auto codes = init_codes();
                const std::size_t bytes = to.to_memory(codes[random_.below(codes.size())]);
                const bool with_salt = random_.below(2) == 0;
                if (with_salt)
                    to.push(Word(random_.below(2)));
                to.push(Word(bytes)).op({0x5f}).push(Word(random_.below(2)));
                to.op({with_salt ? 0xf5U : 0xf0U}).store(key);
                break;
            }
            case 9:
                if (random_.below(3) == 0)
                    to.push(address).op({0xff});
                break;
            case 10:  // reverts if slot[key] is odd: jumps over it otherwise
                to.load(key).push(Word(1)).op({0x16, 0x15}).push(Word(to.code.size() + 33 + 4));
                to.op({0x57, 0x5f, 0x5f, 0xfd, 0x5b});
                break;
            case 11:
                to.load(key).push(Word(8)).op({0x5f, 0xa1});
                break;
            case 12:
                to.op({0x41, 0x31, 0x47, 0x01}).store(key);  // balances of coinbase and self
                break;
            case 13:
                to.load(other).push(Word(key)).op({0x5d}).push(Word(key)).op({0x5c}).store(key);
                break;
            case 14:
                to.op({0x5f, 0x5f, 0x5f, 0x5f}).push(address).op({0x5a, 0xf4}).store(key);
                break;
            default:
                to.op({0x60, 0x01, 0x43, 0x03, 0x40}).store(key);  // hash of the block before
        }
    }

    std::vector<std::uint8_t> program()
    {
        Assembler out;
        const std::uint64_t statements = 1 + random_.below(5);
        for (std::uint64_t i = 0; i < statements; ++i)
            statement(out);
        return out.code;
    }

    block::Prepared transaction(evm::Journal& journal)
    {
        block::Prepared out;
        if (random_.below(20) == 0)
        {
            out.refusal =
                random_.below(2) == 0 ? evm::Refusal::malformed : evm::Refusal::signature_invalid;
            return out;
        }
        evm::Transaction& t = out.transaction;
        out.sender = any(senders_);
        t.type =
            random_.below(4) == 0 ? evm::TransactionType::legacy : evm::TransactionType::fee_market;
        t.chain_id = Word(random_.below(30) == 0 ? 2 : 1);
        t.nonce = journal.account(out.sender).nonce;
        if (random_.below(12) == 0)
            t.nonce += random_.below(3) - 1;
        t.max_fee = Word(random_.below(15) == 0 ? 5 : 10);
        t.max_priority_fee = Word(random_.below(3));
        if (t.type == evm::TransactionType::legacy)
            t.max_priority_fee = t.max_fee;
        t.gas_limit = 21000;
        switch (random_.below(8))
        {
            case 0:
            case 1:
            case 2:
                t.to = any(addresses_);
                t.value = Word(random_.below(1'000'000));
                t.gas_limit = random_.below(10) == 0 ? 20'000 : 21'000 + 300'000 * random_.below(2);
                break;
            case 3:  // funds for somebody
                t.to = any(senders_);
                t.value = Word(100'000'000'000);
                break;
            case 4:
            {
                t.creates = true;
                const auto codes = init_codes();
                datas_.push_back(codes[random_.below(codes.size())]);
                t.data = datas_.back();
                t.gas_limit = 250'000;
                break;
            }
            case 5:
                set_code(t);
                break;
            default:
                t.to = any(contracts_);
                t.value = Word(random_.below(2));
                t.gas_limit = 60'000 + random_.below(300'000);
                access_list(t);
        }
        return out;
    }

    void set_code(evm::Transaction& t)
    {
        t.type = evm::TransactionType::set_code;
        t.to = any(addresses_);
        t.gas_limit = 300'000;
        authorizations_.push_back({authorization(any(contracts_)), authorization(any(contracts_))});
        t.authorizations = authorizations_.back();
    }

    void access_list(evm::Transaction& t)
    {
        if (t.type != evm::TransactionType::fee_market || random_.below(3) != 0)
            return;
        keys_.push_back({Word(0), Word(random_.below(4))});
        lists_.push_back({{any(addresses_), keys_.back()}, {any(addresses_), {}}});
        t.access_list = lists_.back();
    }

    SplitMix random_;
    std::vector<Address> senders_, contracts_, addresses_;
    std::vector<std::vector<std::uint8_t>> datas_;
    std::vector<std::vector<Word>> keys_;
    std::vector<std::vector<evm::AccessEntry>> lists_;
    std::vector<std::vector<evm::Authorization>> authorizations_;
};
}  // namespace mote::test
