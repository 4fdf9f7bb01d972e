// What the codes of mote_svid.h are called: by [SVID].
#include "mote/mote_svid.h"

extern "C" {
const char* mote_svid_outcome_text(uint32_t outcome)
{
    switch (outcome)
    {
        case MOTE_SVID_INCOMPLETE:
            return "incomplete";
        case MOTE_SVID_REJECTED:
            return "rejected";
        case MOTE_SVID_PROVISIONAL:
            return "provisional";
        default:
            return "unknown";
    }
}

const char* mote_svid_fault_text(uint32_t fault)
{
    switch (fault)
    {
        case 0:
            return "none";
        case MOTE_SVID_E_HEADER:
            return "E_HEADER";
        case MOTE_SVID_E_PARAMS:
            return "E_PARAMS";
        case MOTE_SVID_E_COMMIT:
            return "E_COMMIT";
        case MOTE_SVID_E_Z:
            return "E_Z";
        case MOTE_SVID_E_ROW_SHAPE:
            return "E_ROW_SHAPE";
        case MOTE_SVID_E_PATH:
            return "E_PATH";
        case MOTE_SVID_E_FINGERPRINT:
            return "E_FINGERPRINT";
        default:
            return "unknown";
    }
}
}
