#include <stddef.h>

/* Bytes that this process has allocated and not given back, in Swift and below it; 0 where that cannot be told. */
size_t heap_in_use(void);
