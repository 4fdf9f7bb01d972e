// Times ec_encode_data of Intel's ISA-L: the product of a matrix and k rows over GF(2^8).
#define _GNU_SOURCE
#include <isa-l.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static size_t data_size = (size_t)128 << 20;
static int repetitions = 5;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t random_word(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

// Huge pages, where there are any: hundreds of rows are walked side by side.
static unsigned char* allocate(size_t size)
{
    const size_t huge = (size_t)2 << 20;
    unsigned char* memory = aligned_alloc(huge, (size + huge - 1) / huge * huge);
    if (memory == NULL)
    {
        fprintf(stderr, "no memory for %zu bytes\n", size);
        exit(1);
    }
    madvise(memory, size, MADV_HUGEPAGE);
    memset(memory, 0, size);
    return memory;
}

// The library does not say what its dispatcher took. This is the order of the 2.30 sources.
static const char* level(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return "avx512 (by the processor)";
    if (__builtin_cpu_supports("avx2"))
        return "avx2 (by the processor)";
    if (__builtin_cpu_supports("avx"))
        return "avx (by the processor)";
    return "sse (by the processor)";
#else
    return "not told";
#endif
}

struct code
{
    int k, rows;
    size_t row_bytes, stride;
    unsigned char *tables, *data, *parity;
};

static void encode(const struct code* c, size_t begin, size_t end, size_t piece)
{
    unsigned char *in[256], *out[256];
    for (size_t at = begin; at < end; at += piece)
    {
        const size_t length = end - at < piece ? end - at : piece;
        for (int i = 0; i < c->k; ++i)
            in[i] = c->data + (size_t)i * c->stride + at;
        for (int i = 0; i < c->rows; ++i)
            out[i] = c->parity + (size_t)i * c->stride + at;
        ec_encode_data((int)length, c->k, c->rows, c->tables, in, out);
    }
}

static int ascending(const void* a, const void* b)
{
    const double x = *(const double*)a, y = *(const double*)b;
    return (x > y) - (x < y);
}

// The first bytes of each parity row against the library's own plain C.
static void check(const struct code* c, const unsigned char* matrix)
{
    enum
    {
        length = 64
    };
    static unsigned char expected[256][length];
    unsigned char *in[256], *out[256];
    for (int i = 0; i < c->k; ++i)
        in[i] = c->data + (size_t)i * c->stride;
    for (int i = 0; i < c->rows; ++i)
        out[i] = expected[i];
    unsigned char* tables = malloc((size_t)32 * (size_t)c->k * (size_t)c->rows);
    ec_init_tables(c->k, c->rows, (unsigned char*)matrix, tables);
    ec_encode_data_base(length, c->k, c->rows, tables, in, out);
    free(tables);
    for (int i = 0; i < c->rows; ++i)
    {
        if (memcmp(expected[i], c->parity + (size_t)i * c->stride, length) != 0)
        {
            fprintf(stderr, "parity row %d is wrong\n", i);
            exit(1);
        }
    }
}

static void shape(int k, int rows)
{
    const int is_code = k + rows <= 256;
    struct code c = {.k = k, .rows = rows};
    c.row_bytes = (data_size / (size_t)k + 63) / 64 * 64;
    // Rows a power of two apart would share their cache sets.
    c.stride = c.row_bytes + 3 * 64 + (c.row_bytes % 4096 == 0 ? 4096 : 0);
    c.data = allocate(c.stride * (size_t)k);
    c.parity = allocate(c.stride * (size_t)rows);
    for (size_t i = 0; i + 8 <= c.stride * (size_t)k; i += 8)
    {
        const uint64_t word = random_word();
        memcpy(c.data + i, &word, sizeof word);
    }
    unsigned char* matrix = malloc((size_t)k * (size_t)(k + rows));
    unsigned char* coefficients = matrix;
    if (is_code)
    {
        gf_gen_cauchy1_matrix(matrix, k + rows, k);
        coefficients = matrix + (size_t)k * (size_t)k;
    }
    else
    {
        for (int i = 0; i < k * rows; ++i)
            matrix[i] = (unsigned char)(random_word() >> 32);
    }
    c.tables = malloc((size_t)32 * (size_t)k * (size_t)rows);
    ec_init_tables(k, rows, coefficients, c.tables);

    // The piece that does best on an eighth of the rows.
    static const size_t pieces[] = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    const size_t part = c.row_bytes / 8 / 64 * 64;
    size_t piece = 0;
    double least = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; ++i)
    {
        const double start = now();
        encode(&c, 0, part, pieces[i]);
        const double seconds = now() - start;
        fprintf(stderr, "isa-l %d+%d pieces of %zu: %.3f GB/s\n", k, rows, pieces[i],
                (double)part * k / seconds * 1e-9);
        if (piece == 0 || seconds < least)
        {
            piece = pieces[i];
            least = seconds;
        }
    }

    double seconds[16];
    for (int i = 0; i <= repetitions; ++i)
    {
        const double start = now();
        encode(&c, 0, c.row_bytes, piece);
        // The first call is not counted.
        if (i > 0)
            seconds[i - 1] = now() - start;
    }
    qsort(seconds, (size_t)repetitions, sizeof *seconds, ascending);
    check(&c, coefficients);
    const double bytes = (double)c.row_bytes * k;
    printf(
        "{\"library\":\"ISA-L\",\"version\":\"%d.%d.%d\","
        "\"version_source\":\"isa-l.h (libisal-dev)\",\"what\":\"encode\","
        "\"shape\":\"%d+%d\",\"row_bytes\":%zu,\"data_bytes\":%.0f,"
        "\"bytes_per_second_best\":%.0f,\"bytes_per_second_median\":%.0f,"
        "\"repetitions\":%d,\"simd\":\"%s\","
        "\"note\":\"%s, GF(2^8), pieces of %zu bytes a row\"}\n",
        ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION, k, rows, c.row_bytes, bytes,
        bytes / seconds[0], bytes / seconds[repetitions / 2], repetitions, level(),
        is_code ? "Cauchy" : "not a code: timing only, random coefficients", piece);
    fflush(stdout);
    free(c.tables);
    free(matrix);
    free(c.data);
    free(c.parity);
}

int main(int argc, char** argv)
{
    if (argc > 1 && strcmp(argv[1], "--quick") == 0)
    {
        data_size = (size_t)16 << 20;
        repetitions = 2;
    }
    shape(85, 170);
    shape(128, 256);
    return 0;
}
