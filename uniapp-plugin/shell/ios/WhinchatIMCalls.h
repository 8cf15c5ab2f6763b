#import "DCUniModule.h"
#import "WhinchatIMContext.h"

/*
 * What every method of the module comes to. The runtime makes a module object for each JavaScript context that asks for the
 * plugin, and lets go of it with that context; there may be several at once.
 */
@interface WhinchatIMCalls : DCUniModule {
 @private
  // Made with the first call, which may come on any thread.
  WhinchatIMContext *_context;
}

- (void)call:(NSString *)method options:(id)options callback:(UniModuleKeepAliveCallback)callback;

/* Sets a listener. */
- (void)listen:(NSString *)setter options:(id)options callback:(UniModuleKeepAliveCallback)callback;

/* Takes a listener away. */
- (void)unlisten:(NSString *)method
          setter:(NSString *)setter
         options:(id)options
        callback:(UniModuleKeepAliveCallback)callback;

@end
