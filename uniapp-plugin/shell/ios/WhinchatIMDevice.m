#import "WhinchatIMDevice.h"

#import "WhinchatIMJSON.h"
#import "WhinchatIMMemory.h"
#import "WhinchatIMPlatform.h"

@implementation WhinchatIMDevice

+ (WhinchatIMDevice *)shared {
  static WhinchatIMDevice *device;
  @synchronized([WhinchatIMDevice class]) {
    if (device == nil) device = [[WhinchatIMDevice alloc] init];
    return device;
  }
}

- (id)init {
  self = [super init];
  if (self != nil) {
    _state = [[NSCondition alloc] init];
    _waiting = [[NSMutableArray alloc] init];
    _turn = [[NSLock alloc] init];
  }
  return self;
}

// It stays for as long as the process.
- (void)dealloc {
  WHINCHAT_RELEASE(_state);
  WHINCHAT_RELEASE(_waiting);
  WHINCHAT_RELEASE(_turn);
  WHINCHAT_DEALLOC_SUPER();
}

static void nobody(void *user, uint64_t call, const char *json, size_t length, bool keep) {
  (void)user, (void)call, (void)json, (void)length, (void)keep;
}

static NSString *config(void) {
  NSMutableDictionary *config = [NSMutableDictionary dictionary];
  [config setObject:@"app" forKey:@"core"];
  [config setObject:WhinchatIMDeviceKind() forKey:@"platform"];
  NSString *documents = WhinchatIMDocuments();
  if (documents != nil) [config setObject:documents forKey:@"documents"];
  NSString *server = WhinchatIMServer();
  if (server != nil) [config setObject:server forKey:@"server"];
  NSData *text = WhinchatIMWriteJSON(config);
  return WHINCHAT_AUTORELEASE([[NSString alloc] initWithData:text encoding:NSUTF8StringEncoding]);
}

- (int32_t)create:(whinchat_context *)context deliver:(whinchat_deliver)deliver user:(void *)user {
  const char *text = [config() UTF8String];
  [_state lock];
  int32_t code = 0;
  if (_own == 0) {
    code = whinchat_create(text, nobody, NULL, &_own);
    if (code == 0) {
      whinchat_context own = _own;
      whinchat_set_foreground(own, !_background);
      WhinchatIMWatchNetwork(^{
        whinchat_network_changed(own);
      });
    }
  }
  [_state unlock];
  return code != 0 ? code : whinchat_create(text, deliver, user, context);
}

- (void)whenAwake:(id<WhinchatIMWaiting>)waiting {
  [_state lock];
  BOOL wait = _waking;
  if (wait) [_waiting addObject:waiting];
  [_state unlock];
  if (!wait) [waiting go];
}

- (void)enterBackground {
  [_state lock];
  _background = YES;
  _hurry = NO;
  NSUInteger stay = ++_stay;
  whinchat_context own = _own;
  [_state unlock];
  if (own == 0) return;
  whinchat_set_foreground(own, false);
  WhinchatIMStayAwake(^(BOOL now) {
    @autoreleasepool {
      [self rest:stay now:now];
    }
  });
}

/* Waits for the end of this stay in the background, which is either somebody's look at the app or sleep. */
- (void)rest:(NSUInteger)stay now:(BOOL)now {
  [_state lock];
  if (now && _stay == stay) _hurry = YES;
  [_state broadcast];
  while (_stay == stay && !_hurry) [_state wait];
  [_state unlock];

  [_turn lock];
  [_state lock];
  BOOL sleep = _stay == stay;
  if (sleep) _asleep = YES;
  whinchat_context own = _own;
  [_state unlock];
  if (sleep) whinchat_pause(own);
  [_turn unlock];
}

- (void)enterForeground {
  [_state lock];
  _background = NO;
  _stay++;
  BOOL wake = _asleep && !_waking;
  if (wake) _waking = YES;
  whinchat_context own = _own;
  [_state broadcast];
  [_state unlock];
  if (own == 0) return;
  whinchat_set_foreground(own, true);
  // Files are opened: nothing for the main thread.
  if (wake) [NSThread detachNewThreadSelector:@selector(wake) toTarget:self withObject:nil];
}

- (void)wake {
  @autoreleasepool {
    [_turn lock];
    [_state lock];
    whinchat_context own = _own;
    // It may have gone to the background again.
    BOOL wake = !_background;
    [_state unlock];
    BOOL awake = wake && whinchat_resume(own) == 0;
    [_state lock];
    // If it could not wake, calls are refused, and the next look at the app tries again.
    _asleep = !awake;
    while ([_waiting count] > 0) {
      id<WhinchatIMWaiting> next = WHINCHAT_RETAIN([_waiting objectAtIndex:0]);
      [_waiting removeObjectAtIndex:0];
      [_state unlock];
      [next go];
      WHINCHAT_RELEASE(next);
      [_state lock];
    }
    _waking = NO;
    [_state unlock];
    [_turn unlock];
  }
}

@end
