#import <Foundation/Foundation.h>

#import "DCUniBasePlugin.h"
#import "HostPackage.h"
#import "HostQueue.h"

/* Hears what comes for a page's JavaScript, on the JavaScript thread. */
@protocol HostListening <NSObject>
- (void)invoked:(NSString *)callback;
@end

/* A JavaScript instance on its native side: module objects of its own, and the ids of its functions. */
@interface HostPage : NSObject {
 @private
  NSString *_name;
  HostPackage *_package;
  HostQueue *_javascript;
  id<HostListening> _listener;
  DCUniSDKInstance *_instance;
  NSMutableDictionary *_modules;
  BOOL _traced;

  // Guards what stands below it.
  NSLock *_lock;
  NSMutableDictionary *_functions;
  BOOL _gone;
  NSUInteger _calls, _callbacks;
  NSMutableArray *_slow;
}

- (id)initWithName:(NSString *)name package:(HostPackage *)package javascript:(HostQueue *)javascript;

- (NSString *)name;

/* Whether the driver is told of each call. */
- (void)setTraced:(BOOL)traced;

/* Who is told of callbacks; nobody: the driver. Only to be called on the JavaScript thread. */
- (void)setListener:(id<HostListening>)listener;

/* Calls a method; on the main thread. */
- (void)call:(NSDictionary *)line;

/* Lets the module objects go and makes the ids void; on the main thread. */
- (void)destroy;

/* Adds what is known of the page to the line `stats`. */
- (void)count:(NSMutableDictionary *)stats;

@end
