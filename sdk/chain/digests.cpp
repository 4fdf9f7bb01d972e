#include "chain/digests.hpp"

namespace mote::chain
{
namespace
{
/// The message of one digest: chain, then the body in the order of the calls.
template <std::size_t body_bytes>
class Message
{
  public:
    explicit Message(const Digest& chain_id) noexcept { write_.write(chain_id); }

    template <class... Fields>
    Message& body(const Fields&... fields) noexcept
    {
        static_assert((sizeof(Fields) + ...) == body_bytes);
        write_(fields...);
        return *this;
    }
    [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }

  private:
    std::array<std::uint8_t, 32 + body_bytes> bytes_;
    internal::WriteFields write_{bytes_.data()};
};
}  // namespace

Digest root_vote_digest(const Digest& chain_id, std::uint64_t epoch, std::uint64_t view, Kind kind,
                        const Digest& block) noexcept
{
    MOTE_ASSERT(kind >= Kind::notarize && kind <= Kind::finalize);
    MOTE_ASSERT(kind != Kind::nullify || is_zero(block));
    Message<49> message(chain_id);
    message.body(epoch, view, static_cast<std::uint8_t>(kind), block);
    return hash::blake3_derive_key("mote root v1", message.bytes());
}

Digest avail_digest(const Digest& chain_id, std::uint64_t epoch, std::uint32_t zone,
                    std::uint64_t height, const Digest& header) noexcept
{
    Message<52> message(chain_id);
    message.body(epoch, zone, height, header);
    return hash::blake3_derive_key("mote avail v1", message.bytes());
}

Digest valid_digest(const Digest& chain_id, std::uint64_t epoch, const Digest& statement) noexcept
{
    Message<40> message(chain_id);
    message.body(epoch, statement);
    return hash::blake3_derive_key("mote valid v1", message.bytes());
}

Digest ckpt_digest(const Digest& chain_id, std::uint64_t period, std::uint64_t height,
                   const Digest& block) noexcept
{
    Message<48> message(chain_id);
    message.body(period, height, block);
    return hash::blake3_derive_key("mote ckpt v1", message.bytes());
}

Digest proposal_digest(const Digest& chain_id, std::uint64_t epoch, std::uint64_t view,
                       const Digest& block) noexcept
{
    Message<48> message(chain_id);
    message.body(epoch, view, block);
    return hash::blake3_derive_key("mote prop v1", message.bytes());
}

Digest zone_header_digest(const Digest& chain_id, const Digest& header) noexcept
{
    Message<32> message(chain_id);
    message.body(header);
    return hash::blake3_derive_key("mote zhdr v1", message.bytes());
}

Digest reveal_digest(const Digest& chain_id, std::uint64_t epoch, std::uint64_t view) noexcept
{
    Message<16> message(chain_id);
    message.body(epoch, view);
    return hash::blake3_derive_key("mote reveal v1", message.bytes());
}
}  // namespace mote::chain
