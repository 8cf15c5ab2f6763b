#import <Foundation/Foundation.h>

#include "whinchat.h"

/* Something that is done when the device is awake again. */
@protocol WhinchatIMWaiting <NSObject>
- (void)go;
@end

/*
 * The device: one in a process, however many modules and pages come and go. It holds a context of the core that is nobody's, so
 * that the client, its login and its connection stay when the last page goes.
 *
 * It begins with the first call of a method: an app may not have the user's consent before.
 */
@interface WhinchatIMDevice : NSObject {
 @private
  // Guards what stands below it. Nothing of the core that waits is called while it is held.
  NSCondition *_state;
  whinchat_context _own;
  BOOL _background;
  // Which stay in the background or foreground this is.
  NSUInteger _stay;
  // The system is about to suspend the app.
  BOOL _hurry;
  BOOL _asleep;
  BOOL _waking;
  NSMutableArray *_waiting;

  // One sleep or waking at a time.
  NSLock *_turn;
}

+ (WhinchatIMDevice *)shared;

/* Makes a context of the device, as whinchat_create does. */
- (int32_t)create:(whinchat_context *)context deliver:(whinchat_deliver)deliver user:(void *)user;

/* Does it now, or in order as soon as the device is awake again, if it is just waking. */
- (void)whenAwake:(id<WhinchatIMWaiting>)waiting;

/* Nobody looks at the app. It stays connected while the system lets it, and sleeps before it is suspended. */
- (void)enterBackground;

/* Somebody looks at the app. */
- (void)enterForeground;

@end
