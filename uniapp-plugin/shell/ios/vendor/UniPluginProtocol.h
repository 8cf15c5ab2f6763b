/* What the runtime tells the class that `hooksClass` names, as far as the shell wants to hear it. All of it is optional. */
#ifndef UniPluginProtocol_h
#define UniPluginProtocol_h

#import <Foundation/Foundation.h>

@class UIApplication;

@protocol UniPluginProtocol <NSObject>
@optional
- (void)onCreateUniPlugin;
- (void)applicationDidEnterBackground:(UIApplication *)application;
- (void)applicationWillEnterForeground:(UIApplication *)application;
@end

#endif
