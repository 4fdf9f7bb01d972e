/* What <cstdlib> asks for, because <algorithm> includes it. The core calls nothing of this. */
#ifndef MOTE_FREESTANDING_STDLIB_H
#define MOTE_FREESTANDING_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

#ifdef __cplusplus
#define MOTE_NORETURN [[noreturn]]
extern "C" {
#else
#define MOTE_NORETURN _Noreturn
#endif

void* malloc(size_t bytes);
void* calloc(size_t count, size_t bytes);
void* realloc(void* memory, size_t bytes);
void free(void* memory);
void* aligned_alloc(size_t alignment, size_t bytes);
int posix_memalign(void** out, size_t alignment, size_t bytes);

MOTE_NORETURN void abort(void);
MOTE_NORETURN void exit(int status);
MOTE_NORETURN void quick_exit(int status);
MOTE_NORETURN void _Exit(int status);
int atexit(void (*function)(void));
int at_quick_exit(void (*function)(void));
char* getenv(const char* name);
int system(const char* command);

typedef struct
{
    int quot, rem;
} div_t;
typedef struct
{
    long quot, rem;
} ldiv_t;
typedef struct
{
    long long quot, rem;
} lldiv_t;
int abs(int value);
long labs(long value);
long long llabs(long long value);
div_t div(int numerator, int denominator);
ldiv_t ldiv(long numerator, long denominator);
lldiv_t lldiv(long long numerator, long long denominator);

int rand(void);
void srand(unsigned seed);
void* bsearch(const void* key, const void* base, size_t count, size_t bytes,
              int (*compare)(const void*, const void*));
void qsort(void* base, size_t count, size_t bytes, int (*compare)(const void*, const void*));

double atof(const char* text);
int atoi(const char* text);
long atol(const char* text);
long long atoll(const char* text);
float strtof(const char* text, char** end);
double strtod(const char* text, char** end);
long double strtold(const char* text, char** end);
long strtol(const char* text, char** end, int base);
long long strtoll(const char* text, char** end, int base);
unsigned long strtoul(const char* text, char** end, int base);
unsigned long long strtoull(const char* text, char** end, int base);

int mblen(const char* text, size_t bytes);
int mbtowc(wchar_t* to, const char* from, size_t bytes);
int wctomb(char* to, wchar_t from);
size_t mbstowcs(wchar_t* to, const char* from, size_t count);
size_t wcstombs(char* to, const wchar_t* from, size_t bytes);

#undef MOTE_NORETURN
#ifdef __cplusplus
}
#endif

#endif
