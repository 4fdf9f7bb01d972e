// The block decoder on any bytes: what decodes encodes to the same bytes, and is executed.
#include <cstdlib>
#include <memory>

#include "block/sequential.hpp"
#include "map_state.hpp"

using namespace mote;
using namespace mote::block;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Block block;
    const Bytes bytes(data, size);
    if (decode(bytes, block) != BlockError::none)
        return 0;
    const std::vector<std::uint8_t> again = encode(block);
    if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()))
        std::abort();
    // Gas that costs nothing is time.
    if (block.header.gas_limit > 1'000'000)
        return 0;
    const PreparedList list = prepare(block.transactions, block.header.fork, 1);
    static SequentialExecutor executor(
        {std::size_t{1} << 24, std::size_t{1} << 24, std::size_t{1} << 24, std::size_t{1} << 23});
    evm_tool::MapState state;
    std::vector<Outcome> outcomes;
    StateChanges changes;
    if (executor.execute(block.header, list.transactions(), state, outcomes, changes) !=
            evm::Fault::none ||
        outcomes.size() != block.transactions.size())
        std::abort();
    return 0;
}
