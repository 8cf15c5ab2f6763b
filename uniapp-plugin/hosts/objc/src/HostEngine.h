#import <Foundation/Foundation.h>

#import "HostPage.h"
#import "HostQueue.h"

#include <JavaScriptCore/JavaScript.h>

/*
 * The JavaScript of a page, in JavaScriptCore: what hosts/driver/README.md calls an engine in the host. Only to be used on the
 * JavaScript thread.
 */
@interface HostEngine : NSObject <HostListening> {
 @private
  HostQueue *_javascript;
  void (^_call)(NSDictionary *);
  JSGlobalContextRef _context;
}

/* `call` takes what the page calls of the phone in this process. */
- (id)initWithQueue:(HostQueue *)javascript call:(void (^)(NSDictionary *line))call;

/* Evaluates {"name","source"}. */
- (void)evaluate:(NSDictionary *)source;

/* Calls `__runtime.NAME` with a text. */
- (void)tell:(NSString *)name text:(NSString *)text;

@end
