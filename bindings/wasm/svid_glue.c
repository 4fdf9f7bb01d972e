/* The end of mote-svid.wasm that belongs to its loader: the version, and the offsets that
 * src/svid_layout.ts has of the structs of mote_svid.h. */
#include "mote/mote_svid.h"

#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #member)
_Static_assert(sizeof(mote_svid_verdict) == 20, "mote_svid_verdict");
AT(mote_svid_verdict, outcome, 4);
AT(mote_svid_verdict, step, 8);
AT(mote_svid_verdict, fault, 12);
AT(mote_svid_verdict, row, 16);
_Static_assert(sizeof(mote_svid_validators) == 52, "mote_svid_validators");
AT(mote_svid_validators, count, 4);
AT(mote_svid_validators, stakes, 8);
AT(mote_svid_validators, public_keys, 12);
AT(mote_svid_validators, public_keys_bytes, 16);
AT(mote_svid_validators, seed, 20);
_Static_assert(sizeof(mote_svid_params) == 32, "mote_svid_params");
AT(mote_svid_params, row_bytes, 4);
AT(mote_svid_params, block_bytes, 8);
AT(mote_svid_params, data_rows, 16);
AT(mote_svid_params, code_rows, 20);
AT(mote_svid_params, rows, 24);
AT(mote_svid_params, z_bytes, 28);
_Static_assert(sizeof(mote_svid_range) == 12, "mote_svid_range");
AT(mote_svid_range, first, 4);
AT(mote_svid_range, count, 8);
_Static_assert(sizeof(mote_svid_header_info) == 240, "mote_svid_header_info");
AT(mote_svid_header_info, zone, 4);
AT(mote_svid_header_info, height, 8);
AT(mote_svid_header_info, epoch, 16);
AT(mote_svid_header_info, block_bytes, 24);
AT(mote_svid_header_info, data_rows, 32);
AT(mote_svid_header_info, rows, 36);
AT(mote_svid_header_info, row_bytes, 40);
AT(mote_svid_header_info, chain_id, 44);
AT(mote_svid_header_info, data_root, 76);
AT(mote_svid_header_info, parity_root, 108);
AT(mote_svid_header_info, z_digest, 140);
AT(mote_svid_header_info, svid_root, 172);
AT(mote_svid_header_info, announce_digest, 204);
_Static_assert(sizeof(mote_svid_expected) == 96, "mote_svid_expected");
AT(mote_svid_expected, zone, 4);
AT(mote_svid_expected, height, 8);
AT(mote_svid_expected, epoch, 16);
AT(mote_svid_expected, block_bytes_max, 24);
AT(mote_svid_expected, chain_id, 32);
AT(mote_svid_expected, svid_root, 64);
_Static_assert(sizeof(mote_svid_request) == 16, "mote_svid_request");
AT(mote_svid_request, validator, 4);
AT(mote_svid_request, rows, 8);
AT(mote_svid_request, row_count, 12);
_Static_assert(sizeof(mote_svid_row) == 12, "mote_svid_row");
AT(mote_svid_row, data, 4);

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name

uint32_t EXPORT(mote_wasm_svid_version)(void) { return MOTE_ABI_VERSION; }
