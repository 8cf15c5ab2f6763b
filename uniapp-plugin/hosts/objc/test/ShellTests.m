// The shell without JavaScript, over the real library: what it makes of values that no script could hand it, when it lets go of
// callbacks, how it sleeps and wakes.
//   shell-tests FOLDER SERVER APP-ID
#import <Foundation/Foundation.h>
#import <Foundation/NSDebug.h>

#import "HostPlatform.h"
#import "WhinchatIMJSON.h"
#import "WhinchatIMModule.h"
#import "WhinchatIMPlugin.h"

#include <Block.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(what)                                                      \
  do {                                                                   \
    if (!(what)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

/* How long something may take that does not depend on a clock; slow under a debugger of memory. */
static const int patienceMs = 60000;

/* Waits until it holds. */
static void waitUntil(const char *what, BOOL (^holds)(void)) {
  for (int waited = 0; waited < patienceMs; waited += 5) {
    if (holds()) return;
    [NSThread sleepForTimeInterval:0.005];
  }
  fprintf(stderr, "it does not happen: %s\n", what);
  exit(1);
}

static NSDictionary *with(NSString *key, id value) { return [NSDictionary dictionaryWithObject:value forKey:key]; }

static NSString *written(id value) {
  return [[[NSString alloc] initWithData:WhinchatIMWriteJSON(value) encoding:NSUTF8StringEncoding] autorelease];
}

typedef void (*Exported)(id, SEL, id, UniModuleKeepAliveCallback, id, id);

static void call(WhinchatIMModule *module, NSString *name, id options, UniModuleKeepAliveCallback callback) {
  SEL selector = NSSelectorFromString([name stringByAppendingString:@":callback:ignored:ignored:"]);
  CHECK([module respondsToSelector:selector]);
  ((Exported)[module methodForSelector:selector])(module, selector, options, callback, nil, nil);
}

/* The one answer of a call. */
static NSDictionary *ask(WhinchatIMModule *module, NSString *name, id options) {
  NSMutableArray *answers = [NSMutableArray array];
  call(module, name, options, ^(id result, BOOL keep) {
    CHECK(!keep);
    @synchronized(answers) {
      [answers addObject:result];
    }
  });
  waitUntil([name UTF8String], ^{
    @synchronized(answers) {
      return (BOOL)([answers count] > 0);
    }
  });
  CHECK([answers count] == 1);
  return [answers objectAtIndex:0];
}

static int codeOf(NSDictionary *answer) {
  CHECK([[answer objectForKey:@"status"] boolValue] == ([[answer objectForKey:@"code"] intValue] == 0));
  CHECK([[answer objectForKey:@"msg"] isEqual:[answer objectForKey:@"desc"]]);
  return [[answer objectForKey:@"code"] intValue];
}

/* A text with half of a surrogate pair in it, which Apple's strings can hold and GNUstep's refuse. */
@interface HalfString : NSString {
 @public
  unichar half;
}
@end

@implementation HalfString

- (NSUInteger)length {
  return 2;
}

- (unichar)characterAtIndex:(NSUInteger)index {
  return index == 0 ? half : 'x';
}

@end

static void valuesBecomeJSON(void) {
  NSArray *expected = [NSArray arrayWithObjects:
      @"null", [NSNull null], @"true", [NSNumber numberWithBool:YES], @"5", [NSNumber numberWithDouble:5],
      @"-9007199254740992", [NSNumber numberWithDouble:-9007199254740992.0], @"1700000000123", [NSNumber numberWithDouble:1700000000123],
      @"null", [NSNumber numberWithDouble:0.0 / 0.0], @"null", [NSNumber numberWithDouble:1 / 0.0], @"0.5", [NSNumber numberWithFloat:0.5f],
      @"{}", [NSDictionary dictionary], @"[]", [NSArray array], @"[1,\"a\"]", [NSArray arrayWithObjects:[NSNumber numberWithInt:1], @"a", nil],
      @"\"\\\"\\\\\\u000a\\u0000/\"", [NSString stringWithFormat:@"\"\\\n%C/", (unichar)0],
      @"\"\U0001F600\u4F60\"", @"\U0001F600\u4F60", @"\"1970-01-01T00:00:00.000Z\"", [NSDate dateWithTimeIntervalSince1970:0],
      @"\"2024-02-29T12:34:56.789Z\"", [NSDate dateWithTimeIntervalSince1970:1709210096.789],
      @"\"1969-12-31T23:59:59.000Z\"", [NSDate dateWithTimeIntervalSince1970:-1], @"null", [NSDate dateWithTimeIntervalSince1970:1e15], nil];
  for (NSUInteger n = 0; n < [expected count]; n += 2) {
    NSString *text = written([expected objectAtIndex:n + 1]);
    if (![text isEqual:[expected objectAtIndex:n]]) NSLog(@"%@ is written %@", [expected objectAtIndex:n + 1], text);
    CHECK([text isEqual:[expected objectAtIndex:n]]);
  }
  CHECK([written(nil) isEqual:@"null"]);
  for (int n = 0; n < 2; n++) {
    HalfString *string = [[[HalfString alloc] init] autorelease];
    string->half = n == 0 ? 0xD83D : 0xDE00;
    CHECK([written(string) isEqual:@"\"\uFFFDx\""]);
  }
  // A pair on the border between two pieces that the writer reads.
  NSString *before = [@"" stringByPaddingToLength:255 withString:@"x" startingAtIndex:0];
  NSString *text = written([before stringByAppendingString:@"\U0001F600"]);
  CHECK([text length] == 255 + 2 + 2 && [text hasSuffix:@"x\U0001F600\""]);
  CHECK(WhinchatIMReadJSON("[1]", 3) == nil && WhinchatIMReadJSON("{", 1) == nil);
}

/* Before the platform has told where data goes. */
static void aCoreThatCannotBeginIsAnAnswer(void) {
  WhinchatIMModule *module = [[WhinchatIMModule alloc] init];
  NSDictionary *answer = ask(module, @"getVersion", nil);
  CHECK(codeOf(answer) == 6017 && [[answer objectForKey:@"msg"] length] > 0);
  [module release];
}

static void wrongValuesAreAnsweredOnce(WhinchatIMModule *module) {
  NSMutableDictionary *itself = [NSMutableDictionary dictionary];
  [itself setObject:[NSArray arrayWithObject:with(@"a", @"b")] forKey:@"list"];
  NSMutableDictionary *inner = [NSMutableDictionary dictionaryWithObject:itself forKey:@"up"];
  [itself setObject:inner forKey:@"down"];
  CHECK(codeOf(ask(module, @"getVersion", itself)) == 6027);
  [itself removeAllObjects];

  id deep = @"bottom";
  for (int n = 0; n < 10000; n++) deep = with(@"a", deep);
  CHECK(codeOf(ask(module, @"getVersion", deep)) == 6027);

  CHECK(codeOf(ask(module, @"init", with(@"sdkAppId", [NSData data]))) == 6017);
  CHECK(codeOf(ask(module, @"init", with(@"sdkAppId", [[[NSObject alloc] init] autorelease]))) == 6017);
  for (id nothing in [NSArray arrayWithObjects:@"", [NSNull null], [NSDictionary dictionary], nil]) {
    CHECK(codeOf(ask(module, @"getVersion", nothing)) == 0);
  }
  CHECK(codeOf(ask(module, @"getVersion", nil)) == 0);
  for (id wrong in [NSArray arrayWithObjects:[NSNumber numberWithInt:5], @"5", [NSArray array], [NSDate date], nil]) {
    CHECK(codeOf(ask(module, @"getVersion", wrong)) == 6017);
  }
  for (id wrong in [NSArray arrayWithObjects:@"text", @"{", [NSString stringWithFormat:@"{}%C", (unichar)0], nil]) {
    CHECK(codeOf(ask(module, @"getVersion", wrong)) == 6027);
  }
  CHECK(codeOf(ask(module, @"getVersion", @"{\"a\": \"\U0001F600\"}")) == 0);
  // Nobody waits, and nothing happens.
  call(module, @"getVersion", nil, nil);
  call(module, @"setSDKListener", nil, nil);
  call(module, @"removeSDKListener", nil, nil);
}

static void itLetsGo(WhinchatIMModule *module) {
  Class function = NSClassFromString(@"WhinchatIMFunction"), waiting = NSClassFromString(@"WhinchatIMCall");
  long blocks = HostLiveBlocks();
  int functions = GSDebugAllocationCount(function), calls = GSDebugAllocationCount(waiting);
  int dictionaries = GSDebugAllocationCount([[NSMutableDictionary dictionary] class]);
  BOOL (^settled)(void) = ^{
    return (BOOL)(HostLiveBlocks() <= blocks && GSDebugAllocationCount(function) <= functions &&
                  GSDebugAllocationCount(waiting) <= calls);
  };

  __block long answered = 0;
  for (int n = 0; n < 10000; n++) {
    @autoreleasepool {
      call(module, @"createTextMessage", with(@"text", @"hello"), ^(id result, BOOL keep) {
        CHECK(!keep && [result objectForKey:@"status"] != nil);
        __atomic_fetch_add(&answered, 1, __ATOMIC_SEQ_CST);
      });
      // The core takes 4,096 calls at a time.
      if (n % 1000 == 999) waitUntil("a thousand answers", ^{ return (BOOL)(__atomic_load_n(&answered, __ATOMIC_SEQ_CST) == n + 1); });
    }
  }
  waitUntil("10,000 calls leave nothing", settled);
  CHECK(answered == 10000);

  for (int n = 0; n < 1000; n++) {
    @autoreleasepool {
      call(module, @"setSDKListener", nil, ^(id event, BOOL keep) { CHECK(keep && event != nil); });
      CHECK(codeOf(ask(module, @"removeSDKListener", nil)) == 0);
    }
  }
  waitUntil("1,000 listeners leave nothing", settled);

  // Modules that go while their calls are on the way.
  for (int n = 0; n < 50; n++) {
    @autoreleasepool {
      WhinchatIMModule *brief = [[WhinchatIMModule alloc] init];
      call(brief, @"setSDKListener", nil, ^(id event, BOOL keep) { CHECK(keep && event != nil); });
      for (int m = 0; m < 50; m++) call(brief, @"getVersion", nil, ^(id result, BOOL keep) { CHECK(!keep && result != nil); });
      [brief release];
    }
  }
  waitUntil("50 modules leave nothing", settled);
  waitUntil("50 contexts end", ^{ return (BOOL)(GSDebugAllocationCount(NSClassFromString(@"WhinchatIMContext")) <= 1); });
  int now = GSDebugAllocationCount([[NSMutableDictionary dictionary] class]);
  if (now > dictionaries + 100) fprintf(stderr, "%d dictionaries were there, and %d are\n", dictionaries, now);
  CHECK(now <= dictionaries + 100);
}

/* A listener that is replaced is let go of once its successor was told something. */
static void aReplacedListenerGoes(WhinchatIMModule *module) {
  long before = HostLiveBlocks();
  __block long told = 0;
  for (int n = 0; n < 20; n++) {
    call(module, @"setSDKListener", nil, ^(id event, BOOL keep) {
      CHECK(keep && [[event objectForKey:@"eventType"] length] > 0);
      __atomic_fetch_add(&told, 1, __ATOMIC_SEQ_CST);
    });
  }
  CHECK(HostLiveBlocks() >= before + 20);
  CHECK(codeOf(ask(module, @"login", with(@"userId", @"alice"))) == 0);
  waitUntil("an event", ^{ return (BOOL)(__atomic_load_n(&told, __ATOMIC_SEQ_CST) > 0); });
  waitUntil("one listener is left", ^{ return (BOOL)(HostLiveBlocks() <= before + 1); });
}

static void itSleepsAndWakes(WhinchatIMModule *module) {
  NSDictionary *page = [NSDictionary dictionaryWithObjectsAndKeys:[NSNumber numberWithInt:0], @"nextSeq", [NSNumber numberWithInt:10],
                                                                  @"count", nil];
  CHECK(codeOf(ask(module, @"getConversationList", page)) == 0);
  WhinchatIMPlugin *hook = [[WhinchatIMPlugin alloc] init];

  // A short look away changes nothing.
  [HostPlatform setBackgroundMs:30000];
  [hook applicationDidEnterBackground:nil];
  CHECK(codeOf(ask(module, @"getConversationList", page)) == 0);
  [hook applicationWillEnterForeground:nil];
  CHECK(codeOf(ask(module, @"getConversationList", page)) == 0);

  [HostPlatform setBackgroundMs:50];
  for (int n = 0; n < 3; n++) {
    [hook applicationDidEnterBackground:nil];
    waitUntil("it sleeps", ^{ return (BOOL)(codeOf(ask(module, @"getConversationList", page)) == 7014); });
    CHECK(codeOf(ask(module, @"getVersion", nil)) == 0);
    [hook applicationWillEnterForeground:nil];
    // Calls from now on wait until it is awake, in order.
    NSMutableArray *order = [NSMutableArray array];
    for (int m = 0; m < 20; m++) {
      call(module, @"getConversationList", page, ^(id result, BOOL keep) {
        CHECK(!keep && codeOf(result) == 0);
        @synchronized(order) {
          [order addObject:[NSNumber numberWithInt:m]];
        }
      });
    }
    waitUntil("20 answers", ^{
      @synchronized(order) {
        return (BOOL)([order count] == 20);
      }
    });
  }
  // In and out without a break: it ends awake.
  [HostPlatform setBackgroundMs:1];
  for (int n = 0; n < 50; n++) {
    [hook applicationDidEnterBackground:nil];
    if (n % 2 == 0) [NSThread sleepForTimeInterval:0.002];
    [hook applicationWillEnterForeground:nil];
  }
  CHECK(codeOf(ask(module, @"getConversationList", page)) == 0);
  [HostPlatform networkChanged];
  [hook release];
}

int main(int count, char **given) {
  CHECK(count == 4);
  @autoreleasepool {
    GSDebugAllocationActive(YES);
    NSString *server = [NSString stringWithUTF8String:given[2]];
    [HostPlatform setDocuments:nil kind:@"ios" server:server];
    valuesBecomeJSON();
    // Nothing of the core begins by itself, or with the hook.
    WhinchatIMPlugin *hook = [[WhinchatIMPlugin alloc] init];
    [hook applicationDidEnterBackground:nil];
    [hook applicationWillEnterForeground:nil];
    [hook release];
    aCoreThatCannotBeginIsAnAnswer();
    [HostPlatform setDocuments:[NSString stringWithUTF8String:given[1]] kind:@"ios" server:server];
    WhinchatIMModule *module = [[WhinchatIMModule alloc] init];
    wrongValuesAreAnsweredOnce(module);
    CHECK(codeOf(ask(module, @"init", with(@"sdkAppId", [NSNumber numberWithLong:atol(given[3])]))) == 0);
    itLetsGo(module);
    aReplacedListenerGoes(module);
    itSleepsAndWakes(module);
    [module release];
    waitUntil("everything was let go", ^{ return (BOOL)(GSDebugAllocationCount(NSClassFromString(@"WhinchatIMContext")) == 0); });
  }
  puts("good");
  fflush(stdout);
  // The core's threads are still there.
  _Exit(0);
}
