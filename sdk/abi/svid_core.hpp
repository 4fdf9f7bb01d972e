// The seam of abi/core.hpp, for mote_svid.h: a table of its own, so that who links one of the two
// headers' functions does not get what the others need.
#pragma once

#include "mote/mote_svid.h"

extern "C" {
struct mote_svid_core
{
    const char* name;
    mote_status (*epoch_size)(size_t*, size_t);
    mote_status (*epoch_open)(mote_svid_epoch**, void*, size_t, const mote_svid_validators*,
                              const mote_svid_core*);
    mote_status (*params_of)(mote_svid_params*, const mote_svid_epoch*, uint64_t);
    mote_status (*assigned_rows)(mote_svid_range*, const mote_svid_epoch*, uint64_t, uint32_t,
                                 uint64_t, uint32_t);
    mote_status (*header_describe)(mote_svid_header_info*, const uint8_t*, size_t);
    mote_status (*share_size)(size_t*, mote_svid_verdict*, const mote_svid_epoch*,
                              const mote_svid_expected*, const mote_svid_request*, const uint8_t*,
                              size_t);
    mote_status (*share_open)(mote_svid_share**, mote_svid_verdict*, void*, size_t,
                              const mote_svid_epoch*, const mote_svid_expected*,
                              const mote_svid_request*, const uint8_t*, size_t);
    mote_status (*share_begin_source)(mote_svid_share*);
    mote_status (*share_append_z)(uint32_t*, mote_svid_share*, const uint8_t*, size_t);
    mote_status (*share_end_z)(uint32_t*, mote_svid_share*);
    mote_status (*share_begin_rows)(uint32_t*, mote_svid_share*, uint32_t, uint32_t, uint64_t,
                                    const uint8_t*, size_t, const uint8_t*, size_t);
    mote_status (*share_append_rows)(uint32_t*, mote_svid_share*, const uint8_t*, size_t);
    mote_status (*share_end_rows)(uint32_t*, mote_svid_share*);
    mote_status (*share_verdict)(mote_svid_verdict*, const mote_svid_share*);
    mote_status (*share_holds)(uint32_t*, const mote_svid_share*, uint32_t);
    mote_status (*check_share)(mote_svid_verdict*, void*, size_t, const mote_svid_epoch*,
                               const mote_svid_expected*, const mote_svid_request*, const uint8_t*,
                               size_t, const uint8_t*, size_t, const mote_svid_rows*, size_t);
    mote_status (*sample_rows)(uint32_t*, size_t, uint32_t, const uint8_t*, size_t);
    mote_status (*sample_bound)(double*, uint32_t, uint32_t, uint32_t);
    mote_status (*bad_row_size)(size_t*);
    mote_status (*check_bad_row)(mote_svid_finding*, void*, size_t, const mote_svid_epoch*,
                                 const uint8_t*, const uint8_t*, size_t, const mote_svid_rows*,
                                 const uint8_t*, size_t);
    mote_status (*equivocates)(uint32_t*, uint8_t*, const uint8_t*, const uint8_t*, size_t,
                               const uint8_t*, size_t);
    mote_status (*reconstruct_size)(size_t*, const uint8_t*, size_t);
    mote_status (*reconstruct)(uint32_t*, uint8_t*, size_t, void*, size_t, const uint8_t*, size_t,
                               const mote_svid_row*, size_t);
};

/// What an epoch and a share begin with.
struct mote_svid_object
{
    const mote_svid_core* core;
};

const mote_svid_core* mote_svid_core_portable(void);
const mote_svid_core* mote_svid_core_x86_64_adx(void);
const mote_svid_core* mote_svid_core_x86_64_ifma(void);
}
