#import <Foundation/Foundation.h>

/* The modules that a package has, and its hook. */
@interface HostPackage : NSObject {
 @private
  NSMutableDictionary *_classes;
  NSMutableDictionary *_exports;
  id _hook;
}

/* Reads `package.json`; does not return if it is not as the runtime needs it. */
- (id)initWithFolder:(NSString *)folder;

/* Names of modules. */
- (NSArray *)names;
- (Class)classOf:(NSString *)module;
/* HostExport by name. */
- (NSDictionary *)exportsOf:(NSString *)module;
/* The object of the class that `hooksClass` names, or nil. */
- (id)hook;

@end
