// What the codes of mote_state.h are called: faults as sdk/state/fault.hpp has them.
#include "mote/mote_state.h"

extern "C" {
const char* mote_state_answer_text(uint32_t answer)
{
    switch (answer)
    {
        case MOTE_STATE_UNPROVEN:
            return "unproven";
        case MOTE_STATE_PRESENT:
            return "present";
        case MOTE_STATE_ABSENT:
            return "absent";
        default:
            return "unknown";
    }
}

const char* mote_state_fault_text(uint32_t fault)
{
    switch (fault)
    {
        case 0:
            return "none";
        case MOTE_STATE_F_TRUNCATED:
            return "truncated";
        case MOTE_STATE_F_TRAILING:
            return "trailing";
        case MOTE_STATE_F_MAGIC:
            return "magic";
        case MOTE_STATE_F_SHARD_MASK:
            return "shard_mask";
        case MOTE_STATE_F_NEXT_SN:
            return "next_sn";
        case MOTE_STATE_F_ENTRY_COUNT:
            return "entry_count";
        case MOTE_STATE_F_CHUNK_COUNT:
            return "chunk_count";
        case MOTE_STATE_F_ENTRY:
            return "entry";
        case MOTE_STATE_F_ENTRY_ORDER:
            return "entry_order";
        case MOTE_STATE_F_ENTRY_PADDING:
            return "entry_padding";
        case MOTE_STATE_F_CHUNK_ORDER:
            return "chunk_order";
        case MOTE_STATE_F_BATCH_KEY:
            return "batch_key";
        case MOTE_STATE_F_BATCH_VALUE:
            return "batch_value";
        case MOTE_STATE_F_BATCH_COLLISION:
            return "batch_collision";
        case MOTE_STATE_F_ROOT:
            return "root";
        case MOTE_STATE_F_MISSING:
            return "missing";
        case MOTE_STATE_F_SN_SPACE:
            return "sn_space";
        default:
            return "unknown";
    }
}
}
