#include "block/prepare.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace mote::block
{
namespace
{
constexpr std::size_t piece_bytes = std::size_t{1} << 18;
constexpr std::size_t batch = 16;

/// Memory for decoded lists, a thread's own: pieces that are filled one after the other.
class Pieces
{
  public:
    using Piece = std::unique_ptr<std::uint8_t[]>;

    evm::Refusal decode(Bytes bytes, evm::Transaction& out)
    {
        // Whether it is a legacy transaction, which has no lists and needs no memory.
        const std::size_t most = bytes.empty() || bytes[0] >= 0xc0 ? 0 : 4 * bytes.size() + 256;
        if (most > size_ - used_ || pieces_.empty())
        {
            size_ = std::max(piece_bytes, most);
            pieces_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(size_));
            used_ = 0;
        }
        Arena arena(pieces_.back().get() + used_, size_ - used_);
        const evm::Refusal refusal = evm::decode(bytes, arena, out);
        if (refusal == evm::Refusal::none)
            used_ += std::min(
                (arena.used() + Arena::alignment - 1) / Arena::alignment * Arena::alignment,
                size_ - used_);
        return refusal;
    }

    std::vector<Piece>& pieces() { return pieces_; }

  private:
    std::vector<Piece> pieces_;
    std::size_t size_ = 0, used_ = 0;
};

struct Work
{
    std::span<const Bytes> bytes;
    std::span<Prepared> out;
    evm::Fork fork;
    SenderCache* cache;
    std::atomic<std::size_t> next = 0, recovered = 0;
    std::mutex lock;
    std::exception_ptr error;
    std::vector<Pieces::Piece>& memory;

    void one(Pieces& pieces, std::size_t i)
    {
        Prepared& to = out[i];
        to.refusal = pieces.decode(bytes[i], to.transaction);
        if (to.refusal != evm::Refusal::none)
            return;
        if (cache != nullptr && cache->find(to.transaction, to.sender))
            return;
        to.refusal = evm::recover_sender(to.transaction, fork, to.sender);
        recovered.fetch_add(1, std::memory_order_relaxed);
        if (cache != nullptr && to.refusal == evm::Refusal::none)
            cache->add(to.transaction, to.sender);
    }

    void run()
    {
        Pieces pieces;
        try
        {
            for (std::size_t at = 0; (at = next.fetch_add(batch)) < bytes.size();)
                for (std::size_t i = at; i < std::min(at + batch, bytes.size()); ++i)
                    one(pieces, i);
            const std::lock_guard guard(lock);
            std::move(pieces.pieces().begin(), pieces.pieces().end(), std::back_inserter(memory));
        }
        catch (...)
        {
            const std::lock_guard guard(lock);
            error = std::current_exception();
        }
    }
};
}  // namespace

PreparedList prepare(std::span<const Bytes> transactions, evm::Fork fork, unsigned threads,
                     SenderCache* cache)
{
    PreparedList out;
    out.transactions_.resize(transactions.size());
    Work work{transactions, out.transactions_, fork, cache, {}, {}, {}, {}, out.memory_};
    // No more threads than there are batches.
    const std::size_t most = (transactions.size() + batch - 1) / batch;
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, most); ++i)
        others.emplace_back([&work] { work.run(); });
    work.run();
    others.clear();
    if (work.error)
        std::rethrow_exception(work.error);
    out.recovered_ = work.recovered;
    return out;
}
}  // namespace mote::block
