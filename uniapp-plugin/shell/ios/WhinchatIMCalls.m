#import "WhinchatIMCalls.h"

#import "WhinchatIMMemory.h"

@implementation WhinchatIMCalls

- (WhinchatIMContext *)context {
  @synchronized(self) {
    if (_context == nil) _context = [[WhinchatIMContext alloc] init];
    return _context;
  }
}

- (void)call:(NSString *)method options:(id)options callback:(UniModuleKeepAliveCallback)callback {
  [[self context] call:method kind:WhinchatIMCallOnce setter:nil options:options callback:callback];
}

- (void)listen:(NSString *)setter options:(id)options callback:(UniModuleKeepAliveCallback)callback {
  [[self context] call:setter kind:WhinchatIMCallListen setter:setter options:options callback:callback];
}

- (void)unlisten:(NSString *)method
          setter:(NSString *)setter
         options:(id)options
        callback:(UniModuleKeepAliveCallback)callback {
  [[self context] call:method kind:WhinchatIMCallUnlisten setter:setter options:options callback:callback];
}

- (void)dealloc {
  [_context end];
  WHINCHAT_RELEASE(_context);
  WHINCHAT_DEALLOC_SUPER();
}

@end
