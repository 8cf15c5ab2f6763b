/* What compilers expect of a runtime for blocks, from clang's description of the binary interface; see ../src/Blocks.m. */
#ifndef HOST_BLOCK_H
#define HOST_BLOCK_H

void *_Block_copy(const void *block);
void _Block_release(const void *block);

#define Block_copy(block) ((__typeof__(block))_Block_copy((const void *)(block)))
#define Block_release(block) _Block_release((const void *)(block))

/* How many blocks are on the heap. */
long HostLiveBlocks(void);

#endif
