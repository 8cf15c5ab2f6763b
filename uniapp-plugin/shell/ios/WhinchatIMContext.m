#import "WhinchatIMContext.h"

#import "WhinchatIMDevice.h"
#import "WhinchatIMJSON.h"
#import "WhinchatIMMemory.h"

/* A JavaScript function that waits, or listens. */
@interface WhinchatIMFunction : NSObject {
 @public
  UniModuleKeepAliveCallback callback;
  WhinchatIMCallKind kind;
  NSString *setter;
  BOOL told;
}
@end

@implementation WhinchatIMFunction

- (void)dealloc {
  if (callback) WHINCHAT_RELEASE_BLOCK(callback);
  WHINCHAT_DEALLOC_SUPER();
}

@end

@class WhinchatIMContext;

/* A call that has not reached the core. */
@interface WhinchatIMCall : NSObject <WhinchatIMWaiting> {
 @public
  WhinchatIMContext *context;
  uint64_t number;
  NSString *method;
  NSData *params;
}
@end

@interface WhinchatIMContext ()
- (void)make:(WhinchatIMCall *)call;
@end

@implementation WhinchatIMCall

- (void)go {
  [context make:self];
}

- (void)dealloc {
  WHINCHAT_RELEASE(context);
  WHINCHAT_RELEASE(params);
  WHINCHAT_DEALLOC_SUPER();
}

@end

@implementation WhinchatIMContext

static void deliver(void *user, uint64_t call, const char *json, size_t length, bool keep);
static NSDictionary *refusal(NSNumber *code);

- (id)init {
  self = [super init];
  if (self != nil) {
    _lock = [[NSLock alloc] init];
    _functions = [[NSMutableDictionary alloc] init];
    // It lives until whinchat_destroy has returned: see `end`.
    _failure = [[WhinchatIMDevice shared] create:&_core deliver:deliver user:WHINCHAT_UNOWNED(self)];
  }
  return self;
}

- (void)dealloc {
  WHINCHAT_RELEASE(_lock);
  WHINCHAT_RELEASE(_functions);
  WHINCHAT_DEALLOC_SUPER();
}

- (void)call:(NSString *)method
        kind:(WhinchatIMCallKind)kind
      setter:(NSString *)setter
     options:(id)options
    callback:(UniModuleKeepAliveCallback)callback {
  WhinchatIMCall *call = [[WhinchatIMCall alloc] init];
  call->context = WHINCHAT_RETAIN(self);
  call->method = method;
  call->params = WHINCHAT_RETAIN(WhinchatIMWriteParameters(options));

  WhinchatIMFunction *function = [[WhinchatIMFunction alloc] init];
  function->callback = callback ? WHINCHAT_COPY_BLOCK(callback) : NULL;
  function->kind = kind;
  function->setter = setter;

  [_lock lock];
  call->number = ++_calls;
  if (!_ended && (callback || kind == WhinchatIMCallUnlisten)) {
    [_functions setObject:function forKey:[NSNumber numberWithUnsignedLongLong:call->number]];
  }
  [_lock unlock];
  WHINCHAT_RELEASE(function);
  [[WhinchatIMDevice shared] whenAwake:call];
  WHINCHAT_RELEASE(call);
}

- (void)make:(WhinchatIMCall *)call {
  int32_t code = _failure;
  if (code == 0) code = whinchat_call(_core, call->number, [call->method UTF8String], [call->params bytes]);
  if (code == 0) return;
  // From a thread of its own: a function is not called before the method that took it has returned.
  NSArray *refused = [NSArray arrayWithObjects:[NSNumber numberWithUnsignedLongLong:call->number], [NSNumber numberWithInt:code], nil];
  [NSThread detachNewThreadSelector:@selector(refuse:) toTarget:self withObject:refused];
}

- (void)refuse:(NSArray *)refused {
  @autoreleasepool {
    [self hand:refusal([refused objectAtIndex:1]) to:[refused objectAtIndex:0] keep:NO];
  }
}

/* An answer that the core could not give. */
static NSDictionary *refusal(NSNumber *code) {
  NSString *said = [NSString stringWithFormat:@"the plugin could not ask its core (%@); see Whinchat's error codes", code];
  return [NSDictionary dictionaryWithObjectsAndKeys:[NSNumber numberWithBool:NO], @"status", code, @"code", said, @"msg", said,
                                                    @"desc", nil];
}

static void deliver(void *user, uint64_t call, const char *json, size_t length, bool keep) {
  @autoreleasepool {
    WhinchatIMContext *context = WHINCHAT_OBJECT(WhinchatIMContext *, user);
    NSDictionary *value = WhinchatIMReadJSON(json, length);
    // A fault of ours: the core writes objects.
    if (value == nil && !keep) value = refusal([NSNumber numberWithInt:7012]);
    [context hand:value to:[NSNumber numberWithUnsignedLongLong:call] keep:keep];
  }
}

- (void)hand:(NSDictionary *)value to:(NSNumber *)number keep:(BOOL)keep {
  [_lock lock];
  WhinchatIMFunction *function = WHINCHAT_RETAIN([_functions objectForKey:number]);
  if (function != nil) {
    if (!keep) [_functions removeObjectForKey:number];
    // The core tells a listener nothing more once it has answered the removal, or told its successor something.
    BOOL succeeds = keep && !function->told;
    BOOL removed = !keep && [[value objectForKey:@"status"] boolValue];
    BOOL ends = function->kind == WhinchatIMCallListen ? succeeds : function->kind == WhinchatIMCallUnlisten && removed;
    function->told = YES;
    if (ends) [self forget:function->setter before:number];
  }
  BOOL ended = _ended;
  [_lock unlock];
  @try {
    if (function != nil && function->callback && value != nil && !ended) function->callback(value, keep);
  } @catch (id fault) {
    // Nothing may be thrown into the core.
    NSLog(@"Whinchat-IM: a callback threw: %@", fault);
  }
  WHINCHAT_RELEASE(function);
}

- (void)forget:(NSString *)setter before:(NSNumber *)number {
  NSMutableArray *over = [NSMutableArray array];
  for (NSNumber *each in _functions) {
    WhinchatIMFunction *function = [_functions objectForKey:each];
    BOOL same = function->kind == WhinchatIMCallListen && [function->setter isEqualToString:setter];
    if (same && [each compare:number] == NSOrderedAscending) [over addObject:each];
  }
  [_functions removeObjectsForKeys:over];
}

- (void)end {
  [_lock lock];
  BOOL first = !_ended;
  _ended = YES;
  [_functions removeAllObjects];
  [_lock unlock];
  // It waits for a delivery that is under way, so not on the thread that pages live on. The thread keeps this object meanwhile.
  if (first && _core != 0) [NSThread detachNewThreadSelector:@selector(destroy) toTarget:self withObject:nil];
}

- (void)destroy {
  whinchat_destroy(_core);
}

@end
