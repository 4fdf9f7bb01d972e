// Compiled for the precompiled header that comes with it.
