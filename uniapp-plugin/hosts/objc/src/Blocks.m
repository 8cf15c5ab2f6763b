// A runtime for blocks: they keep the objects and blocks that they name, as Apple's do. Debian's library does not keep objects.
#import <Foundation/Foundation.h>

#include <Block.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 0xffff, ON_HEAP = 1 << 24, HAS_COPY_DISPOSE = 1 << 25, IS_GLOBAL = 1 << 28 };
enum { FIELD_OBJECT = 3, FIELD_BLOCK = 7, FIELD_BYREF = 8, FIELDS = 0x0f, FROM_BYREF = 128 };

struct descriptor {
  unsigned long reserved, size;
  void (*copy)(void *to, const void *from);
  void (*dispose)(const void *block);
};

struct block {
  void *isa;
  int flags;
  int reserved;
  void (*invoke)(void *, ...);
  struct descriptor *descriptor;
};

struct byref {
  void *isa;
  struct byref *forwarding;
  int flags;
  int size;
  void (*keep)(struct byref *to, struct byref *from);
  void (*destroy)(struct byref *);
};

void *_NSConcreteStackBlock[32];
void *_NSConcreteGlobalBlock[32];
static void *heapBlock[32];
static long live;

long HostLiveBlocks(void) { return __atomic_load_n(&live, __ATOMIC_SEQ_CST); }

void *_Block_copy(const void *given) {
  struct block *block = (struct block *)given;
  if (block == NULL || block->flags & IS_GLOBAL) return block;
  if (block->flags & ON_HEAP) {
    __atomic_fetch_add(&block->flags, 1, __ATOMIC_SEQ_CST);
    return block;
  }
  struct block *copy = malloc(block->descriptor->size);
  if (copy == NULL) return NULL;
  memcpy(copy, block, block->descriptor->size);
  copy->isa = heapBlock;
  copy->flags = (block->flags & ~COUNT) | ON_HEAP | 1;
  if (copy->flags & HAS_COPY_DISPOSE) copy->descriptor->copy(copy, block);
  __atomic_fetch_add(&live, 1, __ATOMIC_SEQ_CST);
  return copy;
}

void _Block_release(const void *given) {
  struct block *block = (struct block *)given;
  if (block == NULL || !(block->flags & ON_HEAP)) return;
  if ((__atomic_fetch_sub(&block->flags, 1, __ATOMIC_SEQ_CST) & COUNT) != 1) return;
  if (block->flags & HAS_COPY_DISPOSE) block->descriptor->dispose(block);
  free(block);
  __atomic_fetch_sub(&live, 1, __ATOMIC_SEQ_CST);
}

static struct byref *copyByref(struct byref *from) {
  if (from->forwarding->flags & ON_HEAP) {
    __atomic_fetch_add(&from->forwarding->flags, 1, __ATOMIC_SEQ_CST);
    return from->forwarding;
  }
  struct byref *copy = malloc((size_t)from->size);
  if (copy == NULL) return NULL;
  memcpy(copy, from, (size_t)from->size);
  // One for the block, one for the frame that it comes from.
  copy->flags = (from->flags & ~COUNT) | ON_HEAP | 2;
  copy->forwarding = from->forwarding = copy;
  if (copy->flags & HAS_COPY_DISPOSE) copy->keep(copy, from);
  return copy;
}

static void releaseByref(struct byref *byref) {
  byref = byref->forwarding;
  if (!(byref->flags & ON_HEAP) || (__atomic_fetch_sub(&byref->flags, 1, __ATOMIC_SEQ_CST) & COUNT) != 1) return;
  if (byref->flags & HAS_COPY_DISPOSE) byref->destroy(byref);
  free(byref);
}

void _Block_object_assign(void *to, const void *object, const int flags) {
  const void **field = to;
  if (flags & FROM_BYREF) {
    *field = object;
  } else if ((flags & FIELDS) == FIELD_BYREF) {
    *field = copyByref((struct byref *)object);
  } else if ((flags & FIELDS) == FIELD_BLOCK) {
    *field = _Block_copy(object);
  } else {
    *field = [(id)object retain];
  }
}

void _Block_object_dispose(const void *object, const int flags) {
  if (flags & FROM_BYREF) return;
  if ((flags & FIELDS) == FIELD_BYREF) {
    releaseByref((struct byref *)object);
  } else if ((flags & FIELDS) == FIELD_BLOCK) {
    _Block_release(object);
  } else {
    [(id)object release];
  }
}
