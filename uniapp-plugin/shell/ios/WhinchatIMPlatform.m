#import "WhinchatIMPlatform.h"

#import <Network/Network.h>
#import <UIKit/UIKit.h>

NSString *WhinchatIMDocuments(void) {
  NSArray *folders = NSSearchPathForDirectoriesInDomains(NSApplicationSupportDirectory, NSUserDomainMask, YES);
  return [[folders firstObject] stringByAppendingPathComponent:@"whinchat"];
}

NSString *WhinchatIMDeviceKind(void) {
  BOOL tablet = [[UIDevice currentDevice] userInterfaceIdiom] == UIUserInterfaceIdiomPad;
  return tablet ? @"tablet" : @"ios";
}

NSString *WhinchatIMServer(void) {
  id server = [[NSBundle mainBundle] objectForInfoDictionaryKey:@"WhinchatServer"];
  return [server isKindOfClass:[NSString class]] ? server : nil;
}

void WhinchatIMWatchNetwork(void (^changed)(void)) {
  static nw_path_monitor_t monitor;
  __block BOOL first = YES;
  monitor = nw_path_monitor_create();
  nw_path_monitor_set_queue(monitor, dispatch_queue_create("im.whinchat.network", DISPATCH_QUEUE_SERIAL));
  nw_path_monitor_set_update_handler(monitor, ^(nw_path_t path) {
    (void)path;
    // The first call tells what there is, not that it changed.
    if (!first) changed();
    first = NO;
  });
  nw_path_monitor_start(monitor);
}

void WhinchatIMStayAwake(void (^work)(BOOL now)) {
  [[NSProcessInfo processInfo] performExpiringActivityWithReason:@"putting the messages to sleep" usingBlock:work];
}
