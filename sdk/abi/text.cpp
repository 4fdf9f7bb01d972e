// The one list of texts: what codes mean to people.
#include "base/status.hpp"
#include "mote/mote.h"

extern "C" {
const char* mote_status_text(mote_status status)
{
    switch (status)
    {
        case MOTE_OK:
            return "ok";
        case MOTE_MALFORMED:
            return "malformed bytes";
        case MOTE_INVALID_ARGUMENT:
            return "invalid argument";
        case MOTE_MEMORY_TOO_SMALL:
            return "memory too small";
        case MOTE_LIMIT_EXCEEDED:
            return "limit exceeded";
        case MOTE_UNSUPPORTED:
            return "this processor lacks what the library was built for";
        default:
            return "unknown";
    }
}

const char* mote_stage_text(uint32_t stage)
{
    switch (stage)
    {
#define MOTE_STAGE(code, name, text) \
    case code:                       \
        return text;
#include "base/stage_table.inc"
#undef MOTE_STAGE
        default:
            return "unknown";
    }
}

const char* mote_reason_text(uint32_t reason)
{
    switch (reason)
    {
#define MOTE_REASON(code, name, text) \
    case code:                        \
        return text;
#include "base/reason_table.inc"
#undef MOTE_REASON
        default:
            return "unknown";
    }
}

const char* mote_field_text(uint32_t field)
{
    switch (field)
    {
#define MOTE_FIELD(code, name, text) \
    case code:                       \
        return text;
#include "base/field_table.inc"
#undef MOTE_FIELD
        default:
            return "unknown";
    }
}
}
