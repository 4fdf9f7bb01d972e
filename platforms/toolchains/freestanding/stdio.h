/* jni.h includes it and uses nothing of it. */
#ifndef MOTE_FREESTANDING_STDIO_H
#define MOTE_FREESTANDING_STDIO_H

#include <stddef.h>

#endif
