/*
 * Who lets go of what: by itself under ARC, as it is built for phones; by hand without, as GCC's runtime on Linux needs it.
 * There, a block is no object and is sent no messages.
 */
#import <Foundation/Foundation.h>

#if __has_feature(objc_arc)
#define WHINCHAT_RETAIN(object) (object)
#define WHINCHAT_RELEASE(object) ((void)0)
#define WHINCHAT_AUTORELEASE(object) (object)
#define WHINCHAT_COPY_BLOCK(block) [(block) copy]
#define WHINCHAT_RELEASE_BLOCK(block) ((void)0)
#define WHINCHAT_UNOWNED(object) ((__bridge void *)(object))
#define WHINCHAT_OBJECT(type, pointer) ((__bridge type)(pointer))
#define WHINCHAT_DEALLOC_SUPER() ((void)0)
#else
#include <Block.h>
#define WHINCHAT_RETAIN(object) [(object) retain]
#define WHINCHAT_RELEASE(object) [(object) release]
#define WHINCHAT_AUTORELEASE(object) [(object) autorelease]
#define WHINCHAT_COPY_BLOCK(block) Block_copy(block)
#define WHINCHAT_RELEASE_BLOCK(block) Block_release(block)
#define WHINCHAT_UNOWNED(object) ((void *)(object))
#define WHINCHAT_OBJECT(type, pointer) ((type)(pointer))
#define WHINCHAT_DEALLOC_SUPER() [super dealloc]
#endif
