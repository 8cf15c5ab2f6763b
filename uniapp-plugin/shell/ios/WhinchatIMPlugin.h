#import "UniPluginProtocol.h"

/* What the runtime tells when the app comes and goes. It does nothing before the app has called the plugin. */
@interface WhinchatIMPlugin : NSObject <UniPluginProtocol>
@end
