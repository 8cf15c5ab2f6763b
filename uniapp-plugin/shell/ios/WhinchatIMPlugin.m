#import "WhinchatIMPlugin.h"

#import "WhinchatIMDevice.h"

@implementation WhinchatIMPlugin

- (void)applicationDidEnterBackground:(UIApplication *)application {
  (void)application;
  [[WhinchatIMDevice shared] enterBackground];
}

- (void)applicationWillEnterForeground:(UIApplication *)application {
  (void)application;
  [[WhinchatIMDevice shared] enterForeground];
}

@end
