#import "HostPlatform.h"

#import "HostQueue.h"
#import "WhinchatIMPlatform.h"

#include <Block.h>

static NSString *documents, *kind, *server;
static void (^changed)(void);
static double backgroundMs = 25000;

@implementation HostPlatform

+ (void)setDocuments:(NSString *)folder kind:(NSString *)device server:(NSString *)address {
  documents = [folder copy];
  kind = [device copy];
  server = [address copy];
}

+ (void)networkChanged {
  if (changed) changed();
}

+ (void)setBackgroundMs:(double)ms {
  backgroundMs = ms;
}

+ (void)work:(NSArray *)given {
  @autoreleasepool {
    void (^work)(BOOL) = [[given objectAtIndex:0] pointerValue];
    BOOL now = [[given objectAtIndex:1] boolValue];
    if (now) [NSThread sleepForTimeInterval:backgroundMs / 1000];
    work(now);
    Block_release(work);
  }
}

@end

NSString *WhinchatIMDocuments(void) { return documents; }

NSString *WhinchatIMDeviceKind(void) { return kind; }

NSString *WhinchatIMServer(void) { return server; }

void WhinchatIMWatchNetwork(void (^call)(void)) { changed = Block_copy(call); }

void WhinchatIMStayAwake(void (^work)(BOOL now)) {
  for (int now = 0; now < 2; now++) {
    NSValue *block = [NSValue valueWithPointer:Block_copy(work)];
    NSArray *given = [NSArray arrayWithObjects:block, [NSNumber numberWithBool:now == 1], nil];
    [NSThread detachNewThreadSelector:@selector(work:) toTarget:[HostPlatform class] withObject:given];
  }
}
