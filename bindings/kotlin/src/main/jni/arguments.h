/* arguments.h: Java arrays and buffers as C wants them, for the native functions of both libraries.
 *
 * What answers with an int says 0 with an exception pending, and fail_... throw one. */
#ifndef MOTE_JNI_ARGUMENTS_H
#define MOTE_JNI_ARGUMENTS_H

#include <jni.h>
#include <stddef.h>
#include <stdint.h>

enum
{
    alignment = 16,
    digest_bytes = 32,
};

jint fail_memory(JNIEnv* env);
jint fail_argument(JNIEnv* env);

/* A copy of Java bytes. `data` is NULL if there are none; free() it. */
typedef struct copy
{
    uint8_t* data;
    size_t bytes;
} copy;

/* A NULL array is fine if `count` is 0. */
int take(JNIEnv* env, copy* to, jbyteArray array, jint from, jint count);
int take_all(JNIEnv* env, copy* to, jbyteArray array);

/* Exactly `bytes` of them, into memory of the caller. */
int read_bytes(JNIEnv* env, uint8_t* to, jsize bytes, jbyteArray array);

/* Whether an array has this length. */
int fits(JNIEnv* env, jarray array, jsize length);

typedef struct span
{
    uint8_t* data;
    size_t bytes;
} span;

/* The aligned part of a direct buffer. */
int memory_of(JNIEnv* env, jobject buffer, span* to);

/* The object that was opened in this buffer. */
void* object_in(JNIEnv* env, jobject buffer, jlong address);

#endif
