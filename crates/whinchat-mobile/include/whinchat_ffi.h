/*
 * Whinchat: what the Kotlin and Swift SDKs ask of the library before they call anything else in it.
 */
#ifndef WHINCHAT_FFI_H
#define WHINCHAT_FFI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A number for everything that crosses the border between this library and the generated Kotlin and Swift code. The generated
 * code carries the one that it was written for; when they differ, library and code are of different versions, and no other
 * call may be made.
 */
uint64_t whinchat_ffi_contract(void);

#ifdef __cplusplus
}
#endif

#endif
