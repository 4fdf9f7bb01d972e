/* The smallest use from C: is the library the one this program was compiled for? */
#include <mote/mote.h>
#include <stdio.h>

int main(void)
{
    if (mote_abi_version() != MOTE_ABI_VERSION)
    {
        fprintf(stderr, "libmote has another ABI than mote.h\n");
        return 1;
    }
    printf("mote abi %u\n", (unsigned)mote_abi_version());
    return 0;
}
