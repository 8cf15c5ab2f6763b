#import "HostPage.h"

#import "DCUniBasePlugin.h"
#import "HostExports.h"
#import "HostWire.h"

#include <Block.h>
#include <time.h>

/* A function of JavaScript's that was handed in. */
@interface HostFunction : NSObject {
 @public
  NSString *method;
  NSUInteger calls;
  BOOL over;
}
@end

@implementation HostFunction

- (void)dealloc {
  [method release];
  [super dealloc];
}

@end

/* The call whose method is running on this thread, counted from 1; otherwise 0. */
static __thread NSUInteger running;

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* What JSON can hold. */
static BOOL isPlain(id value) {
  if ([value isKindOfClass:[NSDictionary class]]) {
    for (id key in value) {
      if (![key isKindOfClass:[NSString class]] || !isPlain([value objectForKey:key])) return NO;
    }
    return YES;
  }
  if ([value isKindOfClass:[NSArray class]]) {
    for (id item in value) {
      if (!isPlain(item)) return NO;
    }
    return YES;
  }
  return [value isKindOfClass:[NSString class]] || [value isKindOfClass:[NSNumber class]] || [value isKindOfClass:[NSNull class]];
}

@implementation HostPage

- (id)initWithName:(NSString *)name package:(HostPackage *)package javascript:(HostQueue *)javascript {
  self = [super init];
  if (self != nil) {
    _name = [name copy];
    _package = [package retain];
    _javascript = [javascript retain];
    _instance = [[DCUniSDKInstance alloc] init];
    [_instance setInstanceId:name];
    _modules = [[NSMutableDictionary alloc] init];
    _lock = [[NSLock alloc] init];
    _functions = [[NSMutableDictionary alloc] init];
    _slow = [[NSMutableArray alloc] init];
  }
  return self;
}

- (void)dealloc {
  [_name release];
  [_package release];
  [_javascript release];
  [_listener release];
  [_instance release];
  [_modules release];
  [_lock release];
  [_functions release];
  [_slow release];
  [super dealloc];
}

- (NSString *)name {
  return _name;
}

- (void)setTraced:(BOOL)traced {
  _traced = traced;
}

- (void)setListener:(id<HostListening>)listener {
  [listener retain];
  [_listener release];
  _listener = listener;
}

- (DCUniModule *)module:(NSString *)name {
  DCUniModule *module = [_modules objectForKey:name];
  if (module == nil) {
    module = [[[[_package classOf:name] alloc] init] autorelease];
    [module setUniInstance:_instance];
    if (module != nil) [_modules setObject:module forKey:name];
  }
  return module;
}

- (void)call:(NSDictionary *)line {
  NSString *name = [line objectForKey:@"method"];
  NSArray *given = [line objectForKey:@"args"];
  if (_gone) return;
  HostExport *export = [[_package exportsOf:[line objectForKey:@"module"]] objectForKey:name];
  if (export == nil) {
    HostViolation(@"there is no %@ in the module %@", name, [line objectForKey:@"module"]);
    return;
  }
  if (_traced) {
    NSDictionary *called = [NSDictionary dictionaryWithObjectsAndKeys:_name, @"page", [line objectForKey:@"module"], @"module", name, @"method", nil];
    HostSay([NSDictionary dictionaryWithObject:called forKey:@"called"]);
  }
  NSUInteger call = [self keep:line of:export];
  if ((int)[given count] > export->parameters) {
    // As the runtime does: whoever waits for an answer waits for ever.
    HostLog(@"error", @"%@ takes %d arguments and was given %d; it is not called", name, export->parameters, (int)[given count]);
    return;
  }
  id values[HostMostParameters] = {nil};
  BOOL copied[HostMostParameters] = {NO};
  for (NSUInteger n = 0; n < [given count]; n++) {
    values[n] = [given objectAtIndex:n];
    copied[n] = export->callbacks[n];
    if (copied[n]) values[n] = (id)[self callback:values[n] of:name call:call];
  }
  [self run:export of:[self module:[line objectForKey:@"module"]] with:values call:call named:name];
  for (int n = 0; n < HostMostParameters; n++) {
    if (copied[n]) Block_release((const void *)values[n]);
  }
}

/* Remembers the functions that a call hands to callbacks; gives its number. Nobody can call one that stands elsewhere. */
- (NSUInteger)keep:(NSDictionary *)line of:(HostExport *)export {
  [_lock lock];
  NSUInteger call = ++_calls;
  for (NSNumber *at in [line objectForKey:@"callbacks"]) {
    if ([at intValue] >= export->parameters || !export->callbacks[[at intValue]]) continue;
    HostFunction *function = [[HostFunction alloc] init];
    function->method = [[line objectForKey:@"method"] copy];
    [_functions setObject:function forKey:[[line objectForKey:@"args"] objectAtIndex:[at unsignedIntegerValue]]];
    [function release];
  }
  [_lock unlock];
  return call;
}

/* The block that stands for an id; on the heap. Anything that is no function's is an id that nobody waits for. */
- (const void *)callback:(id)given of:(NSString *)method call:(NSUInteger)call {
  NSString *function = [given isKindOfClass:[NSString class]] ? given : @"";
  void (^block)(id, BOOL) = ^(id result, BOOL keep) {
    if (running == call) HostViolation(@"%@ called back before it had returned", method);
    [self take:result from:function of:method keep:keep];
  };
  return Block_copy((const void *)block);
}

typedef id (*Method6)(id, SEL, id, id, id, id, id, id);

- (void)run:(HostExport *)export of:(DCUniModule *)module with:(id *)values call:(NSUInteger)call named:(NSString *)name {
  double began = nowMs();
  running = call;
  @try {
    // More arguments than it declares are not looked at by the callee, on every system that this runs on.
    ((Method6)export->function)(module, export->selector, values[0], values[1], values[2], values[3], values[4], values[5]);
  } @catch (id fault) {
    HostViolation(@"an exception left %@, where the runtime loses it: %@", name, fault);
  }
  running = 0;
  double ms = nowMs() - began;
  if (ms > 1000) HostViolation(@"%@ held the main thread for %.0f ms", name, ms);
  if (ms <= 16) return;
  [_lock lock];
  [_slow addObject:[NSDictionary dictionaryWithObjectsAndKeys:name, @"method", [NSNumber numberWithDouble:ms], @"ms", nil]];
  [_lock unlock];
}

/* A block was called, on any thread. */
- (void)take:(id)result from:(NSString *)function of:(NSString *)method keep:(BOOL)keep {
  @autoreleasepool {
    [_lock lock];
    HostFunction *known = [[[_functions objectForKey:function] retain] autorelease];
    BOOL over = known != nil && known->over;
    if (known != nil) {
      known->calls++;
      known->over = known->over || !keep;
      _callbacks++;
    }
    BOOL gone = _gone;
    [_lock unlock];
    if (known == nil || gone) return;
    if (over) {
      HostViolation(@"%@ called back (%@) after its last time", method, function);
      return;
    }
    if (!isPlain(result)) {
      HostViolation(@"%@ called back with what JSON cannot hold: %@", method, NSStringFromClass([result class]));
      return;
    }
    NSDictionary *callback = [NSDictionary dictionaryWithObjectsAndKeys:_name, @"page", function, @"id", result, @"data",
                                                                        [NSNumber numberWithBool:keep], @"keep", nil];
    // As text, since the objects are the plugin's.
    NSString *text = HostJSON(callback);
    [_javascript add:^{
      [self deliver:text];
    }];
  }
}

/* On the JavaScript thread. */
- (void)deliver:(NSString *)callback {
  [_lock lock];
  BOOL gone = _gone;
  [_lock unlock];
  if (gone) return;
  if (_listener != nil) {
    [_listener invoked:callback];
  } else {
    HostSayText([NSString stringWithFormat:@"{\"callback\":%@}", callback]);
  }
}

- (void)destroy {
  [_lock lock];
  _gone = YES;
  [_functions removeAllObjects];
  [_lock unlock];
  [_modules removeAllObjects];
}

- (void)count:(NSMutableDictionary *)stats {
  [_lock lock];
  NSUInteger calls = [[stats objectForKey:@"calls"] unsignedIntegerValue] + _calls;
  NSUInteger callbacks = [[stats objectForKey:@"callbacks"] unsignedIntegerValue] + _callbacks;
  [stats setObject:[NSNumber numberWithUnsignedInteger:calls] forKey:@"calls"];
  [stats setObject:[NSNumber numberWithUnsignedInteger:callbacks] forKey:@"callbacks"];
  [[stats objectForKey:@"slow"] addObjectsFromArray:_slow];
  for (NSString *function in _functions) {
    HostFunction *known = [_functions objectForKey:function];
    if (known->calls > 0) continue;
    NSDictionary *unanswered =
        [NSDictionary dictionaryWithObjectsAndKeys:_name, @"page", function, @"id", known->method, @"method", nil];
    [[stats objectForKey:@"unanswered"] addObject:unanswered];
  }
  [_lock unlock];
}

@end
