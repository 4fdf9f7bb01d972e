/* What <cstring> asks for. The core calls the first four and none of the others. */
#ifndef MOTE_FREESTANDING_STRING_H
#define MOTE_FREESTANDING_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void* memcpy(void* to, const void* from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);
int memcmp(const void* a, const void* b, size_t bytes);

void* memchr(const void* in, int value, size_t bytes);
char* strcat(char* to, const char* from);
char* strchr(const char* in, int value);
int strcmp(const char* a, const char* b);
int strcoll(const char* a, const char* b);
char* strcpy(char* to, const char* from);
size_t strcspn(const char* in, const char* of);
char* strerror(int error);
size_t strlen(const char* text);
char* strncat(char* to, const char* from, size_t bytes);
int strncmp(const char* a, const char* b, size_t bytes);
char* strncpy(char* to, const char* from, size_t bytes);
char* strpbrk(const char* in, const char* of);
char* strrchr(const char* in, int value);
size_t strspn(const char* in, const char* of);
char* strstr(const char* in, const char* text);
char* strtok(char* in, const char* of);
size_t strxfrm(char* to, const char* from, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
