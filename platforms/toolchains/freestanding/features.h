/* glibc's libstdc++ asks which glibc this is: none. */
#ifndef MOTE_FREESTANDING_FEATURES_H
#define MOTE_FREESTANDING_FEATURES_H

#define __GLIBC_PREREQ(major, minor) 0

#endif
