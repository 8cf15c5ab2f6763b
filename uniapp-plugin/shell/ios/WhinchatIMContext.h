#import <Foundation/Foundation.h>

#import "DCUniDefine.h"

#include "whinchat.h"

/* What a call means for the functions that are kept. */
typedef enum {
  /* It answers once. */
  WhinchatIMCallOnce,
  /* It sets the listener of its name: its function is kept. */
  WhinchatIMCallListen,
  /* It takes the listener away whose setter is named. */
  WhinchatIMCallUnlisten,
} WhinchatIMCallKind;

/* A JavaScript context's calls to the core, and the functions that wait for what comes of them. */
@interface WhinchatIMContext : NSObject {
 @private
  NSLock *_lock;
  whinchat_context _core;
  // Why there is none.
  int32_t _failure;
  BOOL _ended;
  uint64_t _calls;
  NSMutableDictionary *_functions;
}

/*
 * Calls a method. `setter` names the listener that the call is about, if it is about one. The function is called from a thread
 * of the core, exactly once, or once for each event. Returns at once, never throws, and never calls the function itself.
 */
- (void)call:(NSString *)method
        kind:(WhinchatIMCallKind)kind
      setter:(NSString *)setter
     options:(id)options
    callback:(UniModuleKeepAliveCallback)callback;

/* Nothing is called any more. Returns at once. */
- (void)end;

@end
