// Compiled only: the module map gives what the Swift sources import.
@import CMote;

unsigned version(void);
unsigned version(void)
{
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_jolt_bundle bundle = {.struct_size = sizeof bundle};
    if (mote_jolt_bundle_open(&bundle, &verdict, 0, 0) != MOTE_MALFORMED)
        return 0;
    mote_svid_header_info header = {.struct_size = sizeof header};
    if (mote_svid_header_describe(&header, 0, 0) != MOTE_MALFORMED)
        return 0;
    size_t bytes = 0;
    if (mote_state_proof_size(&bytes, MOTE_STATE_PROOF_BYTES_MAX + 1) != MOTE_LIMIT_EXCEEDED)
        return 0;
    return mote_abi_version() == MOTE_ABI_VERSION ? MOTE_GT_BYTES : 0;
}
