/* The four functions the core asks of a C library. Compiled so that the compiler does not recognise
 * the loops as what they implement. */
#include <stddef.h>
#include <stdint.h>

/* May look at any object, as character types may. */
typedef uint32_t __attribute__((may_alias)) word;

static int aligned(const void* a, const void* b)
{
    return (((uintptr_t)a | (uintptr_t)b) & (sizeof(word) - 1)) == 0;
}

void* memcpy(void* to, const void* from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);
int memcmp(const void* a, const void* b, size_t bytes);

void* memcpy(void* to, const void* from, size_t bytes)
{
    unsigned char* t = to;
    const unsigned char* f = from;
    if (aligned(to, from))
        for (; bytes >= sizeof(word); bytes -= sizeof(word), t += sizeof(word), f += sizeof(word))
            *(word*)(void*)t = *(const word*)(const void*)f;
    while (bytes-- > 0)
        *t++ = *f++;
    return to;
}

void* memmove(void* to, const void* from, size_t bytes)
{
    unsigned char* t = to;
    const unsigned char* f = from;
    if (t <= f)
        return memcpy(to, from, bytes);
    while (bytes-- > 0)
        t[bytes] = f[bytes];
    return to;
}

void* memset(void* to, int value, size_t bytes)
{
    unsigned char* t = to;
    if (aligned(to, to))
        for (; bytes >= sizeof(word); bytes -= sizeof(word), t += sizeof(word))
            *(word*)(void*)t = (unsigned char)value * (word)0x01010101u;
    while (bytes-- > 0)
        *t++ = (unsigned char)value;
    return to;
}

int memcmp(const void* a, const void* b, size_t bytes)
{
    const unsigned char* x = a;
    const unsigned char* y = b;
    for (; bytes-- > 0; ++x, ++y)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}
