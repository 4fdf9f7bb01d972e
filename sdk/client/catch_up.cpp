// Catching up: from a certificate of a final block down to a block that is known, and up again.
//
//   final here      ...      certified as final
//      b5   <-  b6  <-  b7  <-  b8            fetched b8, b7, b6 (only their parents' hashes count)
//      b5   ->  b6  ->  b7  ->  b8            fetched again, checked, and final one after the other
//
// What hangs on a certificate by its hash needs no signature of its own. Certificates of an epoch whose
// committee is not known need the last block of the epoch before it first, which is asked for.
#include "client/validator_parts.hpp"

namespace mote::client
{
bool CatchUp::wants(const Digest& hash) const noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        if (chain[i] == hash)
            return true;
    for (const Digest& one : wanted)
        if (one == hash)
            return true;
    return false;
}

bool CatchUp::is_next(const Digest& hash) const noexcept
{
    return count != 0 && chain[count - 1] == hash;
}

/// Asks for a block that others build on; it is checked like any other when it comes.
void Validator::Parts::want_block(const Digest& hash) noexcept
{
    if (catch_up.wants(hash))
        return;
    catch_up.wanted[catch_up.next_wanted] = hash;
    catch_up.next_wanted = (catch_up.next_wanted + 1) % catch_up.wanted.size();
    fetch(FetchKind::block, hash, 0, 0);
}

/// Asks for a final block, or for the ancestor of one.
void Validator::Parts::follow_down(const Digest& hash) noexcept
{
    if (catch_up.count == catch_up.chain.size())
    {
        catch_up.count = 0;
        if (Report* const r = report(ReportKind::missing); r != nullptr)
            r->hash = hash;
        return;
    }
    catch_up.chain[catch_up.count++] = hash;
    catch_up.again_ms = now_ms + timing.retry_ms;
    fetch(FetchKind::block, hash, 0, 0);
}

/// Takes the news that a block of the chain that is caught up with is stored: it is final, its child is next.
void Validator::Parts::go_up(const Digest& hash) noexcept
{
    if (!catch_up.is_next(hash))
        return;
    --catch_up.count;
    on_final(hash);
    if (catch_up.count != 0)
    {
        catch_up.again_ms = now_ms + timing.retry_ms;
        fetch(FetchKind::block, catch_up.chain[catch_up.count - 1], 0, 0);
    }
    else if (pending_final.used)
        on_final(pending_final.certificate.subject);
}

/// What was asked for and did not come is asked for again.
void Validator::Parts::catch_up_again() noexcept
{
    if (catch_up.count == 0 || now_ms < catch_up.again_ms)
        return;
    catch_up.again_ms = now_ms + timing.retry_ms;
    fetch(FetchKind::block, catch_up.chain[catch_up.count - 1], 0, 0);
}

/// Others are far ahead: asks for the way there, now and then.
void Validator::Parts::ask_the_way(std::uint64_t epoch) noexcept
{
    if (now_ms < catch_up.way_again_ms)
        return;
    catch_up.way_again_ms = now_ms + timing.retry_ms;
    const chain::RootHeader& header = final().state.header;
    const std::uint64_t known = header.epoch + (calendar.ends_epoch(header.height) ? 1 : 0);
    fetch(epoch > known ? FetchKind::epoch_end : FetchKind::newest, {}, known, 0);
}
}  // namespace mote::client
