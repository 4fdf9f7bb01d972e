// The same from C++; works without exceptions and RTTI.
#include <mote/mote.h>

#include <cstdio>

int main()
{
    if (mote_abi_version() != MOTE_ABI_VERSION)
    {
        std::fputs("libmote has another ABI than mote.h\n", stderr);
        return 1;
    }
    std::printf("mote abi %u\n", static_cast<unsigned>(mote_abi_version()));
    return 0;
}
