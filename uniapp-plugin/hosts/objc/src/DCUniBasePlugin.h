/* The runtime's classes that the shell gets to see, as this host has them. */
#import "DCUniModule.h"

@interface DCUniSDKInstance : NSObject {
  NSString *_instanceId;
}
@property (nonatomic, copy) NSString *instanceId;
@end
