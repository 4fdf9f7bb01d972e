#include "jolt/decode.hpp"

namespace mote::jolt
{
Status read_memory_layout(BincodeReader& in, MemoryLayout& out) noexcept
{
    MemoryLayout& m = out;
    for (std::uint64_t* value : {&m.program_size,
                                 &m.max_trusted_advice_size,
                                 &m.trusted_advice_start,
                                 &m.trusted_advice_end,
                                 &m.max_untrusted_advice_size,
                                 &m.untrusted_advice_start,
                                 &m.untrusted_advice_end,
                                 &m.max_input_size,
                                 &m.max_output_size,
                                 &m.input_start,
                                 &m.input_end,
                                 &m.output_start,
                                 &m.output_end,
                                 &m.stack_size,
                                 &m.stack_end,
                                 &m.heap_size,
                                 &m.heap_end,
                                 &m.panic,
                                 &m.termination,
                                 &m.io_end})
    {
        MOTE_TRY(in.u64(*value));
        in.next_index();
    }
    return Status::ok;
}

Status read_device(BincodeReader& in, PublicIo& out) noexcept
{
    Bytes advice;
    in.enter(Field::inputs);
    MOTE_TRY(in.byte_string(out.inputs));
    in.enter(Field::trusted_advice);
    MOTE_TRY(in.byte_string(advice));
    in.enter(Field::untrusted_advice);
    MOTE_TRY(in.byte_string(advice));
    in.enter(Field::outputs);
    MOTE_TRY(in.byte_string(out.outputs));
    in.enter(Field::panic);
    MOTE_TRY(in.boolean(out.panic));
    in.enter(Field::device_layout);
    return read_memory_layout(in, out.memory_layout);
}

Status decode_device(Bytes bytes, std::uint64_t base_offset, PublicIo& out, Report& report) noexcept
{
    out = {};
    BincodeReader in(bytes, base_offset, report);
    Status status = read_device(in, out);
    if (status == Status::ok)
        status = in.finish(Field::bundle);
    if (status != Status::ok)
        out = {};
    return status;
}
}  // namespace mote::jolt
