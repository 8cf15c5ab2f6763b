// What a library of another version says of itself. A program that these are linked into gets them in place of the real ones.

#include <stdint.h>

uint64_t whinchat_ffi_contract(void) {
    return 1;
}

// The generated code asks these, and ends the process when it does not like the answer.
uint32_t ffi_whinchat_ffi_uniffi_contract_version(void) {
    return 1;
}

uint32_t ffi_whinchat_core_uniffi_contract_version(void) {
    return 1;
}
