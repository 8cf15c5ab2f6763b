#import <Foundation/Foundation.h>

/* The most that a method may take here. */
enum { HostMostParameters = 6 };

/* A method that JavaScript finds. */
@interface HostExport : NSObject {
 @public
  SEL selector;
  IMP function;
  BOOL synchronous;
  int parameters;
  /* Whether each takes a callback. */
  BOOL callbacks[HostMostParameters];
}
@end

/*
 * What a class exports, by the name that JavaScript uses: found as the runtime does, by walking the class methods with the two
 * prefixes up to NSObject. What is wrong with them is added to `problems`, a sentence each.
 */
NSDictionary *HostExportsOf(Class module, NSMutableArray *problems);
