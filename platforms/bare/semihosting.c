/* Console and exit by ARM semihosting: the debugger or emulator does the work at a breakpoint. */
#include "bare/bare.h"

enum
{
    sys_write0 = 0x04,
    sys_exit_extended = 0x20,
    application_exit = 0x20026
};

static int semihost(int operation, const void* argument)
{
    register int r0 __asm("r0") = operation;
    register const void* r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void bare_write(const char* text) { semihost(sys_write0, text); }

void bare_write_column(uint64_t number, unsigned width)
{
    char text[32];
    unsigned at = sizeof text;
    text[--at] = '\0';
    do
    {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (at > 0 && sizeof text - 1 - at < width)
        text[--at] = ' ';
    bare_write(text + at);
}

void bare_write_number(uint64_t number) { bare_write_column(number, 0); }

void bare_exit(int status)
{
    const uint32_t block[2] = {application_exit, (uint32_t)status};
    for (;;)
        semihost(sys_exit_extended, block);
}
