#import <Foundation/Foundation.h>

/* What this host answers to the shell's questions about the platform. */
@interface HostPlatform : NSObject
+ (void)setDocuments:(NSString *)documents kind:(NSString *)kind server:(NSString *)server;
/* The device is on another network now. */
+ (void)networkChanged;
/* How long an app in the background lives before the system suspends it. */
+ (void)setBackgroundMs:(double)ms;
@end
