// mote_svid.h's other half: picks the variant and passes calls on.
#include "abi/choose.hpp"
#include "abi/svid_core.hpp"

namespace
{
const mote_svid_core* choose() noexcept
{
    switch (mote_abi::choose_variant())
    {
#if defined(MOTE_HAVE_X86_64_IFMA)
        case mote_abi::Variant::x86_64_ifma:
            return mote_svid_core_x86_64_ifma();
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
        case mote_abi::Variant::x86_64_adx:
            return mote_svid_core_x86_64_adx();
#endif
#if defined(MOTE_HAVE_PORTABLE)
        case mote_abi::Variant::portable:
            return mote_svid_core_portable();
#endif
        default:
            return nullptr;
    }
}

const mote_svid_core* core_of(const void* object) noexcept
{
    return static_cast<const mote_svid_object*>(object)->core;
}

// Outputs are zeroed before anything can go wrong, so that no caller reads an older answer.

template <class T>
void clear(T* out) noexcept
{
    if (out != nullptr)
        *out = {};
}

template <class T>
void clear_struct(T* out) noexcept
{
    if (out == nullptr || out->struct_size != sizeof(T))
        return;
    *out = {};
    out->struct_size = sizeof(T);
}
}  // namespace

extern "C" {
mote_status mote_svid_epoch_size(size_t* size, size_t count)
{
    clear(size);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->epoch_size(size, count) : MOTE_UNSUPPORTED;
}

mote_status mote_svid_epoch_open(mote_svid_epoch** out, void* memory, size_t memory_bytes,
                                 const mote_svid_validators* validators)
{
    clear(out);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->epoch_open(out, memory, memory_bytes, validators, core)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_svid_params_of(mote_svid_params* out, const mote_svid_epoch* epoch,
                                uint64_t block_bytes)
{
    clear_struct(out);
    return epoch != nullptr ? core_of(epoch)->params_of(out, epoch, block_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_assigned_rows(mote_svid_range* out, const mote_svid_epoch* epoch,
                                    uint64_t block_bytes, uint32_t zone, uint64_t height,
                                    uint32_t validator)
{
    clear_struct(out);
    return epoch != nullptr
               ? core_of(epoch)->assigned_rows(out, epoch, block_bytes, zone, height, validator)
               : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_header_describe(mote_svid_header_info* out, const uint8_t* header,
                                      size_t header_bytes)
{
    clear_struct(out);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->header_describe(out, header, header_bytes) : MOTE_UNSUPPORTED;
}

mote_status mote_svid_share_size(size_t* size, mote_svid_verdict* verdict,
                                 const mote_svid_epoch* epoch, const mote_svid_expected* expected,
                                 const mote_svid_request* request, const uint8_t* header,
                                 size_t header_bytes)
{
    clear(size);
    clear_struct(verdict);
    return epoch != nullptr ? core_of(epoch)->share_size(size, verdict, epoch, expected, request,
                                                         header, header_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_open(mote_svid_share** out, mote_svid_verdict* verdict, void* memory,
                                 size_t memory_bytes, const mote_svid_epoch* epoch,
                                 const mote_svid_expected* expected,
                                 const mote_svid_request* request, const uint8_t* header,
                                 size_t header_bytes)
{
    clear(out);
    clear_struct(verdict);
    return epoch != nullptr ? core_of(epoch)->share_open(out, verdict, memory, memory_bytes, epoch,
                                                         expected, request, header, header_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_begin_source(mote_svid_share* share)
{
    return share != nullptr ? core_of(share)->share_begin_source(share) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_append_z(uint32_t* fault, mote_svid_share* share, const uint8_t* z,
                                     size_t z_bytes)
{
    clear(fault);
    return share != nullptr ? core_of(share)->share_append_z(fault, share, z, z_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_end_z(uint32_t* fault, mote_svid_share* share)
{
    clear(fault);
    return share != nullptr ? core_of(share)->share_end_z(fault, share) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_begin_rows(uint32_t* fault, mote_svid_share* share, uint32_t first,
                                       uint32_t count, uint64_t rows_bytes,
                                       const uint8_t* data_path, size_t data_path_bytes,
                                       const uint8_t* parity_path, size_t parity_path_bytes)
{
    clear(fault);
    return share != nullptr
               ? core_of(share)->share_begin_rows(fault, share, first, count, rows_bytes, data_path,
                                                  data_path_bytes, parity_path, parity_path_bytes)
               : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_append_rows(uint32_t* fault, mote_svid_share* share,
                                        const uint8_t* rows, size_t rows_bytes)
{
    clear(fault);
    return share != nullptr ? core_of(share)->share_append_rows(fault, share, rows, rows_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_end_rows(uint32_t* fault, mote_svid_share* share)
{
    clear(fault);
    return share != nullptr ? core_of(share)->share_end_rows(fault, share) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_verdict(mote_svid_verdict* out, const mote_svid_share* share)
{
    clear_struct(out);
    return share != nullptr ? core_of(share)->share_verdict(out, share) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_share_holds(uint32_t* holds, const mote_svid_share* share, uint32_t row)
{
    clear(holds);
    return share != nullptr ? core_of(share)->share_holds(holds, share, row)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_check_share(mote_svid_verdict* verdict, void* memory, size_t memory_bytes,
                                  const mote_svid_epoch* epoch, const mote_svid_expected* expected,
                                  const mote_svid_request* request, const uint8_t* header,
                                  size_t header_bytes, const uint8_t* z, size_t z_bytes,
                                  const mote_svid_rows* messages, size_t message_count)
{
    clear_struct(verdict);
    return epoch != nullptr ? core_of(epoch)->check_share(verdict, memory, memory_bytes, epoch,
                                                          expected, request, header, header_bytes,
                                                          z, z_bytes, messages, message_count)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_sample_rows(uint32_t* rows, size_t row_count, uint32_t total_rows,
                                  const uint8_t* entropy, size_t entropy_bytes)
{
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->sample_rows(rows, row_count, total_rows, entropy, entropy_bytes)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_svid_sample_bound(double* bound, uint32_t data_rows, uint32_t rows,
                                   uint32_t samples)
{
    if (bound != nullptr)
        *bound = 1;  // says nothing, where 0 would say too much
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->sample_bound(bound, data_rows, rows, samples) : MOTE_UNSUPPORTED;
}

mote_status mote_svid_bad_row_size(size_t* size)
{
    clear(size);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->bad_row_size(size) : MOTE_UNSUPPORTED;
}

mote_status mote_svid_check_bad_row(mote_svid_finding* out, void* memory, size_t memory_bytes,
                                    const mote_svid_epoch* epoch, const uint8_t* chain_id,
                                    const uint8_t* header, size_t header_bytes,
                                    const mote_svid_rows* message, const uint8_t* z, size_t z_bytes)
{
    clear_struct(out);
    return epoch != nullptr
               ? core_of(epoch)->check_bad_row(out, memory, memory_bytes, epoch, chain_id, header,
                                               header_bytes, message, z, z_bytes)
               : MOTE_INVALID_ARGUMENT;
}

mote_status mote_svid_equivocates(uint32_t* answer, uint8_t* announces, const uint8_t* chain_id,
                                  const uint8_t* first, size_t first_bytes, const uint8_t* second,
                                  size_t second_bytes)
{
    clear(answer);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->equivocates(answer, announces, chain_id, first, first_bytes,
                                               second, second_bytes)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_svid_reconstruct_size(size_t* size, const uint8_t* header, size_t header_bytes)
{
    clear(size);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->reconstruct_size(size, header, header_bytes) : MOTE_UNSUPPORTED;
}

mote_status mote_svid_reconstruct(uint32_t* result, uint8_t* block, size_t block_bytes,
                                  void* memory, size_t memory_bytes, const uint8_t* header,
                                  size_t header_bytes, const mote_svid_row* rows, size_t row_count)
{
    clear(result);
    const mote_svid_core* const core = choose();
    return core != nullptr ? core->reconstruct(result, block, block_bytes, memory, memory_bytes,
                                               header, header_bytes, rows, row_count)
                           : MOTE_UNSUPPORTED;
}
}
