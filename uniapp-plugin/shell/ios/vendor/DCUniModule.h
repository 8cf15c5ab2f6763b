/* The runtime's base class of a module, as far as the shell needs it. */
#ifndef DCUniModule_h
#define DCUniModule_h

#import "DCUniDefine.h"

@class DCUniSDKInstance;

#if __has_feature(objc_arc)
@interface DCUniModule : NSObject
@property (nonatomic, weak) DCUniSDKInstance *uniInstance;
#else
@interface DCUniModule : NSObject {
  DCUniSDKInstance *_uniInstance;
}
@property (nonatomic, assign) DCUniSDKInstance *uniInstance;
#endif
@end

#endif
