/* From reset to main: Cortex-M4 and M33. */
#include "bare/bare.h"

/* Defined by boards/sections.ld. */
extern uint32_t bare_stack_top[], bare_stack_limit[];
extern uint32_t bare_data_begin[], bare_data_end[], bare_data_image[];
extern uint32_t bare_bss_begin[], bare_bss_end[];

int main(void);
void bare_timer_start(void);
void bare_timer_wrapped(void);

#define BARE_CPACR (*(volatile uint32_t*)0xe000ed88u) /* who may use coprocessors */

_Noreturn void bare_reset(void);
_Noreturn void bare_reset(void)
{
#if defined(__ARM_ARCH_8M_MAIN__)
    __asm volatile("msr msplim, %0" : : "r"(bare_stack_limit));
#endif
#if defined(__ARM_FP)
    /* The compiler may keep integers in floating point registers. */
    BARE_CPACR |= 0xfu << 20;
    __asm volatile("dsb\n isb" : : : "memory");
#endif
    const uint32_t* from = bare_data_image;
    for (uint32_t* to = bare_data_begin; to < bare_data_end; ++to)
        *to = *from++;
    for (uint32_t* to = bare_bss_begin; to < bare_bss_end; ++to)
        *to = 0;
    bare_timer_start();
    bare_exit(main());
}

static void fault(void)
{
    /* The stack may be what went wrong. */
    __asm volatile("msr msp, %0" : : "r"(bare_stack_top));
    bare_write("the processor faulted\n");
    bare_exit(70);
}

/* Vectors that nothing enables stay empty. */
typedef struct vector_table
{
    const uint32_t* stack_top;
    void (*handlers[15])(void); /* exception n is at n - 1 */
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {
    .stack_top = bare_stack_top,
    .handlers =
        {
            [0] = bare_reset,
            [1] = fault, /* NMI */
            [2] = fault, /* HardFault, which all others escalate to */
            [14] = bare_timer_wrapped,
        },
};
