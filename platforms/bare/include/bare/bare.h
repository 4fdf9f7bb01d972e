/* bare.h: what a Mote program without an operating system needs around it.
 *
 * Start-up code calls main() with memory set up as C wants it; what main() returns is the exit
 * status of the emulator. There is no C library: memory.c has the four functions the core asks for.
 *
 *   int main(void)
 *   {
 *       void* memory = bare_take(bytes);          16-byte aligned, NULL if there is not that much
 *       bare_write("hello\n");                    to the debugger's console, by semihosting
 *       return 0;
 *   }
 *
 * Porting to a board: a linker script as in boards/ (two regions and `INCLUDE sections.ld`), and
 * another console in place of semihosting.c. Semihosting without a debugger stops the processor.
 */
#ifndef BARE_BARE_H
#define BARE_BARE_H

#include <stddef.h>
#include <stdint.h>

/* ------------------------------------------------------------------ console */

void bare_write(const char* text);
void bare_write_number(uint64_t number);
/* Writes the number right-aligned in a column of `width` characters. */
void bare_write_column(uint64_t number, unsigned width);
/* Ends the program; the emulator or debugger gets the status. */
_Noreturn void bare_exit(int status);

/* ------------------------------------------------------------------ memory */

/* Takes memory from between the program's data and the end of RAM, aligned to 16 bytes. NULL if
 * there is not that much. */
void* bare_take(size_t bytes);
/* Where the next bare_take() begins. bare_release(mark) gives back all that was taken since. */
size_t bare_mark(void);
void bare_release(size_t mark);

/* ------------------------------------------------------------------ stack */

/* The stack grows down to the start of RAM, so that too deep a call faults instead of writing over
 * data. bare_stack_paint() marks what is unused now; bare_stack_deepest() says how many bytes below
 * the caller of bare_stack_paint() were touched since. */
void bare_stack_paint(void);
size_t bare_stack_deepest(void);
size_t bare_stack_bytes(void);

/* ------------------------------------------------------------------ time */

/* Ticks of the processor's own timer since start. Wraps after 2^64. */
uint64_t bare_ticks(void);
/* How many instructions a tick is under `qemu -icount shift=0`, where virtual time advances with
 * each instruction. 0 anywhere else: a tick is then not a number of them. */
uint32_t bare_instructions_per_tick(void);

/* ------------------------------------------------------------------ image */

typedef struct bare_image
{
    size_t code_bytes;  /* instructions and constants, embedded files not counted */
    size_t files_bytes; /* what mote_bare_embed() put in */
    size_t data_bytes;  /* .data, in both ROM and RAM */
    size_t zero_bytes;  /* .bss */
    size_t free_bytes;  /* left for bare_take() at start */
} bare_image;

bare_image bare_describe_image(void);

#endif
