/* The runtime's base class of a module, as far as the shell needs it. */
#ifndef DCUniModule_h
#define DCUniModule_h

#import "DCUniDefine.h"

@class DCUniSDKInstance;

@interface DCUniModule : NSObject
#if __has_feature(objc_arc)
@property (nonatomic, weak) DCUniSDKInstance *uniInstance;
#else
@property (nonatomic, assign) DCUniSDKInstance *uniInstance;
#endif
@end

#endif
