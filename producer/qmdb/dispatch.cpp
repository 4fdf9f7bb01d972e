#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
const mote_qmdb_kernels& kernels()
{
#if defined(MOTE_HAVE_X86_64_IFMA)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("gfni") &&
        __builtin_cpu_supports("bmi2"))
        return *mote_qmdb_x86_64_ifma();
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return *mote_qmdb_x86_64_adx();
#endif
    return *mote_qmdb_portable();
}
}  // namespace mote::qmdb
