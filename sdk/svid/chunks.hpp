// Reads: whole chunks of a block, checked against its header alone.
//
// The code is systematic, so whoever wants a transaction asks for the chunks it lies in instead of
// rebuilding the block.
// Source  [SVID] sections 5, 11 and 16.
#pragma once

#include "merkle/chunk_tree.hpp"
#include "svid/header.hpp"
#include "svid/verdict.hpp"

namespace mote::svid
{
/// Checks an answer to GetChunks.
///
/// Shape   header: passed steps 1 to 3.
/// Errors  Fault::row_shape if [offset, offset + data.size()) is not whole chunks of the block,
///         Fault::path if data and path do not lead to data_root. Either rejects what was received.
/// Cost    the hash of `data`.
[[nodiscard]] inline Fault check_chunks(const Header& header, std::uint64_t offset, Bytes data,
                                        Bytes path) noexcept
{
    if (!merkle::are_chunks(header.block_bytes, offset, data.size()))
        return Fault::row_shape;
    Digest root;
    return merkle::root_of_chunks(header.block_bytes, offset, data, path, root) &&
                   root == header.data_root
               ? Fault::none
               : Fault::path;
}
}  // namespace mote::svid
