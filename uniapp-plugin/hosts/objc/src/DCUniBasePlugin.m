#import "DCUniBasePlugin.h"

@implementation DCUniSDKInstance

@synthesize instanceId = _instanceId;

- (void)dealloc {
  [_instanceId release];
  [super dealloc];
}

@end

@implementation DCUniModule

@synthesize uniInstance = _uniInstance;

@end
