/* What boards/sections.ld laid out: memory to give away, the stack, the sizes of the image. */
#include "bare/bare.h"

extern uint8_t bare_heap_begin[], bare_heap_end[];
extern uint32_t bare_stack_limit[], bare_stack_top[];
extern uint8_t bare_code_begin[], bare_code_end[], bare_files_begin[], bare_files_end[];
extern uint8_t bare_data_begin[], bare_data_end[], bare_bss_begin[], bare_bss_end[];

static size_t heap_bytes(void) { return (size_t)(bare_heap_end - bare_heap_begin); }

static size_t taken;

void* bare_take(size_t bytes)
{
    const size_t rounded = bytes + (16 - bytes % 16) % 16;
    if (rounded < bytes || rounded > heap_bytes() - taken)
        return NULL;
    void* const memory = bare_heap_begin + taken;
    taken += rounded;
    return memory;
}

size_t bare_mark(void) { return taken; }

void bare_release(size_t mark) { taken = mark; }

static const uint32_t paint = 0xa5c3a5c3u;
static volatile uint32_t* painted_top;

/* noinline: its own frame is what lies above the paint. */
__attribute__((noinline)) void bare_stack_paint(void)
{
    uint32_t* sp;
    __asm volatile("mov %0, sp" : "=r"(sp));
    painted_top = sp;
    for (volatile uint32_t* word = bare_stack_limit; word < painted_top; ++word)
        *word = paint;
}

size_t bare_stack_deepest(void)
{
    const volatile uint32_t* word = bare_stack_limit;
    while (word < painted_top && *word == paint)
        ++word;
    return (size_t)(painted_top - word) * sizeof(uint32_t);
}

size_t bare_stack_bytes(void)
{
    return (size_t)(bare_stack_top - bare_stack_limit) * sizeof(uint32_t);
}

bare_image bare_describe_image(void)
{
    bare_image image;
    image.code_bytes = (size_t)(bare_code_end - bare_code_begin);
    image.files_bytes = (size_t)(bare_files_end - bare_files_begin);
    image.data_bytes = (size_t)(bare_data_end - bare_data_begin);
    image.zero_bytes = (size_t)(bare_bss_end - bare_bss_begin);
    image.free_bytes = heap_bytes();
    return image;
}
