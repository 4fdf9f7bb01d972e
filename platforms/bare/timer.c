/* SysTick counts down from 2^24 - 1; its exception counts how often it went round. */
#include "bare/bare.h"

#define BARE_ICSR (*(volatile uint32_t*)0xe000ed04u)     /* interrupt control and state */
#define BARE_SYST_CSR (*(volatile uint32_t*)0xe000e010u) /* control and status */
#define BARE_SYST_RVR (*(volatile uint32_t*)0xe000e014u) /* reload value */
#define BARE_SYST_CVR (*(volatile uint32_t*)0xe000e018u) /* current value */

static const uint32_t reload = 0xffffffu;
static const uint32_t wrap_pending = 1u << 26; /* of ICSR: PENDSTSET */
static volatile uint32_t wraps;

void bare_timer_start(void);
void bare_timer_wrapped(void);

void bare_timer_start(void)
{
    BARE_SYST_RVR = reload;
    BARE_SYST_CVR = 0;
    BARE_SYST_CSR = 7; /* enabled, with exception, at the processor's clock */
    while (BARE_SYST_CVR == 0)
    {
        /* It takes up the reload value with its first tick. */
    }
}

void bare_timer_wrapped(void) { wraps = wraps + 1; }

uint64_t bare_ticks(void)
{
    for (;;)
    {
        const uint32_t before = wraps;
        const uint32_t current = BARE_SYST_CVR;
        if (before == wraps && (BARE_ICSR & wrap_pending) == 0)
            return (uint64_t)before * (reload + 1u) + (reload - current);
    }
}

/* Two instructions a round. */
static void loop(uint32_t rounds)
{
    __asm volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(rounds) : : "cc");
}

/* Ticks of a million instructions. */
static uint32_t ticks_of_a_million(void)
{
    const uint64_t begun = bare_ticks();
    loop(500000);
    return (uint32_t)(bare_ticks() - begun);
}

uint32_t bare_instructions_per_tick(void)
{
    const uint32_t first = ticks_of_a_million(), second = ticks_of_a_million();
    if (first == 0)
        return 0;
    const uint32_t each = (1000000u + first / 2) / first;
    /* Counted instructions repeat to the tick; measured time does not. */
    const uint32_t apart = first > second ? first - second : second - first;
    const uint32_t expected = each == 0 ? 0 : 1000000u / each;
    const uint32_t off = first > expected ? first - expected : expected - first;
    return apart <= 2 && off <= 8 ? each : 0;
}
