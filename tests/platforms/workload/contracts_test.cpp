#include "workload/contracts.hpp"

#include <catch2/catch.hpp>

#include "json_values.hpp"
#include "workload_support.hpp"

using namespace mote;
using namespace mote::workload;
using evm::Halt;
using evm::Word;

namespace
{
/// An owner with coins, whose transactions are signed and executed.
struct Owner
{
    explicit Owner(test::Chain& on, std::uint64_t number = 1) : chain(on), key(make_key(1, number))
    {
        chain.state.accounts[key.address].balance = Word(coin) * Word(1000);
    }
    evm::Receipt send(Unsigned t)
    {
        t.nonce = chain.state.accounts[key.address].nonce;
        t.max_fee = Word(10'000'000'000);
        t.gas_limit = 5'000'000;
        return chain.execute(sign(t, key));
    }
    evm::Address create(std::string_view name, std::initializer_list<Word> arguments = {})
    {
        Unsigned t;
        t.creates = true;
        t.data = contract(name).creation;
        const std::vector<std::uint8_t> encoded = call_data("", arguments);
        t.data.insert(t.data.end(), encoded.begin() + 4, encoded.end());
        const evm::Receipt receipt = send(t);
        REQUIRE(receipt.halt == Halt::success);
        return receipt.created;
    }
    /// The answer's last 32 bytes; what halted if it did not succeed.
    Halt call(const evm::Address& to, std::string_view signature,
              std::initializer_list<Word> arguments, Word* answer = nullptr)
    {
        Unsigned t;
        t.to = to;
        t.data = call_data(signature, arguments);
        const evm::Receipt receipt = send(t);
        if (answer != nullptr)
        {
            REQUIRE(receipt.output.size() == 32);
            *answer = evm::load_word(receipt.output.data());
        }
        return receipt.halt;
    }

    test::Chain& chain;
    KeyPair key;
};
}  // namespace

TEST_CASE("selectors are the published ones")
{
    const auto selector = [](std::string_view signature)
    { return evm_tool::hex_of(Bytes(call_data(signature, {}))); };
    CHECK(selector("transfer(address,uint256)") == "0xa9059cbb");
    CHECK(selector("transferFrom(address,address,uint256)") == "0x23b872dd");
    CHECK(selector("approve(address,uint256)") == "0x095ea7b3");
    CHECK(selector("balanceOf(address)") == "0x70a08231");
    CHECK(call_data("f(uint256)", {Word(5)}).size() == 36);
    CHECK(call_data("f(uint256)", {Word(5)}).back() == 5);
    CHECK_THROWS_AS(contract("Tokens"), std::invalid_argument);
}

TEST_CASE("a token keeps its state where the slots say, and pays nobody twice")
{
    test::Chain chain;
    Owner owner(chain), other(chain, 2);
    const evm::Address token = owner.create("Token");
    CHECK(chain.state.accounts[token].code == contract("Token").runtime);
    const Word supply = Word(coin) * Word(1'000'000'000);
    const auto balance = [&](const Owner& of)
    { return chain.slot(token, token_balance_slot(of.key.address)); };
    CHECK(chain.slot(token, Word(token_supply_slot)) == supply);
    CHECK(balance(owner) == supply);

    const Word to = evm::to_word(other.key.address), from = evm::to_word(owner.key.address);
    Word answer;
    CHECK(owner.call(token, "transfer(address,uint256)", {to, Word(30)}, &answer) == Halt::success);
    CHECK(answer == Word(1));
    CHECK(chain.logs == 1);
    CHECK(balance(owner) == supply - Word(30));
    CHECK(balance(other) == Word(30));
    CHECK(other.call(token, "balanceOf(address)", {to}, &answer) == Halt::success);
    CHECK(answer == Word(30));

    // More than there is, and to nobody.
    CHECK(other.call(token, "transfer(address,uint256)", {from, Word(31)}) == Halt::revert);
    CHECK(other.call(token, "transfer(address,uint256)", {Word(), Word(1)}) == Halt::revert);
    // To oneself.
    CHECK(other.call(token, "transfer(address,uint256)", {to, Word(30)}) == Halt::success);
    CHECK(balance(other) == Word(30));

    // Allowances are used up, but for the largest.
    const Word spender = to;
    const auto allowance = [&]
    { return chain.slot(token, token_allowance_slot(owner.key.address, other.key.address)); };
    constexpr const char* pull = "transferFrom(address,address,uint256)";
    CHECK(other.call(token, pull, {from, to, Word(1)}) == Halt::revert);
    CHECK(owner.call(token, "approve(address,uint256)", {spender, Word(5)}) == Halt::success);
    CHECK(allowance() == Word(5));
    CHECK(other.call(token, pull, {from, to, Word(6)}) == Halt::revert);
    CHECK(other.call(token, pull, {from, to, Word(4)}) == Halt::success);
    CHECK(allowance() == Word(1));
    CHECK(balance(other) == Word(34));
    CHECK(owner.call(token, "approve(address,uint256)", {spender, ~Word()}) == Halt::success);
    CHECK(other.call(token, pull, {from, to, Word(4)}) == Halt::success);
    CHECK(allowance() == ~Word());
    CHECK(balance(owner) + balance(other) == supply);
}

TEST_CASE("a pool pays by its reserves, and neither less than asked nor to who has no tokens")
{
    test::Chain chain;
    Owner owner(chain), poor(chain, 2);
    const evm::Address a = owner.create("Token"), b = owner.create("Token");
    const evm::Address pool = owner.create("Pool", {evm::to_word(a), evm::to_word(b)});
    CHECK(chain.state.accounts[pool].code == contract("Pool").runtime);
    CHECK(chain.slot(pool, Word(pool_token0_slot)) == evm::to_word(a));
    CHECK(chain.slot(pool, Word(pool_token1_slot)) == evm::to_word(b));
    for (const evm::Address& token : {a, b})
        CHECK(owner.call(token, "approve(address,uint256)", {evm::to_word(pool), ~Word()}) ==
              Halt::success);
    CHECK(owner.call(pool, "fill(uint112,uint112)", {Word(1'000'000), Word(4'000'000)}) ==
          Halt::success);
    CHECK(owner.call(pool, "fill(uint112,uint112)", {Word(1), Word(1)}) == Halt::revert);
    Reserves reserves = unpack_reserves(chain.slot(pool, Word(pool_reserves_slot)));
    CHECK(reserves.token0 == Word(1'000'000));
    CHECK(reserves.token1 == Word(4'000'000));
    CHECK(pack(reserves) == chain.slot(pool, Word(pool_reserves_slot)));

    // 1000 in: 1000 * 997 * 4000000 / (1000000 * 1000 + 1000 * 997) = 3984.01..
    constexpr const char* swap = "swap(bool,uint256,uint256)";
    Word out;
    CHECK(owner.call(pool, swap, {Word(1), Word(1000), Word(3985)}) == Halt::revert);
    CHECK(owner.call(pool, swap, {Word(1), Word(1000), Word(3984)}, &out) == Halt::success);
    CHECK(out == Word(3984));
    CHECK(chain.logs == 3);
    reserves = unpack_reserves(chain.slot(pool, Word(pool_reserves_slot)));
    CHECK(reserves.token0 == Word(1'001'000));
    CHECK(reserves.token1 == Word(4'000'000 - 3984));
    CHECK(chain.slot(a, token_balance_slot(pool)) == reserves.token0);
    CHECK(chain.slot(b, token_balance_slot(pool)) == reserves.token1);
    // The time of the block is in the top 32 bits.
    CHECK(chain.slot(pool, Word(pool_reserves_slot)) >> 224 == Word(1'700'000'000));
    CHECK(poor.call(pool, swap, {Word(1), Word(1000), Word(1)}) == Halt::revert);
    CHECK(owner.call(pool, swap, {Word(0), Word(0), Word(0)}) == Halt::revert);
    CHECK(owner.call(pool, swap, {Word(0), Word(1) << 112, Word(0)}) == Halt::revert);
}

TEST_CASE("a collection counts")
{
    test::Chain chain;
    Owner owner(chain), other(chain, 2);
    const evm::Address collection = owner.create("Collection");
    CHECK(chain.state.accounts[collection].code == contract("Collection").runtime);
    Word id;
    for (std::uint64_t i = 0; i < 4; ++i)
    {
        Owner& who = i % 2 == 0 ? owner : other;
        CHECK(who.call(collection, "mint()", {}, &id) == Halt::success);
        CHECK(id == Word(i));
        CHECK(chain.slot(collection, Word(collection_next_slot)) == Word(i + 1));
        CHECK(chain.slot(collection, mapping_slot(Word(i), Word(1))) ==
              evm::to_word(who.key.address));
        CHECK(chain.slot(collection, mapping_slot(evm::to_word(who.key.address), Word(2))) ==
              Word(i / 2 + 1));
    }
}
