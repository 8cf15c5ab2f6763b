#import "HostExports.h"

#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>

@implementation HostExport
@end

static const char asynchronous[] = "wx_export_method_";
static const char synchronous[] = "wx_export_method_sync_";

/* Moves over a number, which says where a parameter lies. */
static const char *overDigits(const char *at) {
  while (*at == '-' || *at == '+' || (*at >= '0' && *at <= '9')) at++;
  return at;
}

/*
 * Reads `v32@0:8@16@?24`. By hand, since the runtime of GCC takes the mark of a block for a parameter of its own.
 */
static NSString *readTypes(const char *types, HostExport *method) {
  if (*types != 'v' && !(method->synchronous && *types == '@')) return @"gives something that JavaScript cannot have";
  const char *at = overDigits(types + 1);
  if (strncmp(at, "@0:8", 4) != 0) return @"is no method of an object";
  at += 4;
  for (method->parameters = 0; *at != 0; method->parameters++) {
    if (method->parameters == HostMostParameters) return @"takes more than this host can give";
    if (*at != '@') return @"takes something that is no object";
    at++;
    method->callbacks[method->parameters] = *at == '?';
    if (*at == '?') at++;
    at = overDigits(at);
  }
  return nil;
}

static NSString *nameOf(NSString *selector) { return [[selector componentsSeparatedByString:@":"] objectAtIndex:0]; }

static void addExport(Class class, Method found, Class module, NSMutableDictionary *exports, NSMutableArray *problems) {
  const char *spelled = sel_getName(method_getName(found));
  if (strncmp(spelled, asynchronous, strlen(asynchronous)) != 0) return;
  NSString *(*give)(id, SEL) = (NSString *(*)(id, SEL))method_getImplementation(found);
  NSString *text = give(class, method_getName(found));
  SEL selector = NSSelectorFromString(text);
  NSString *name = nameOf(text);
  if (selector == NULL || ![module instancesRespondToSelector:selector]) {
    [problems addObject:[NSString stringWithFormat:@"%@ is exported and MISSING", text]];
    return;
  }
  if ([exports objectForKey:name] != nil) {
    [problems addObject:[NSString stringWithFormat:@"%@ is exported twice", name]];
  }
  Method method = class_getInstanceMethod(module, selector);
  HostExport *export = [[[HostExport alloc] init] autorelease];
  export->selector = selector;
  export->function = method_getImplementation(method);
  export->synchronous = strncmp(spelled, synchronous, strlen(synchronous)) == 0;
  NSString *wrong = readTypes(method_getTypeEncoding(method), export);
  if (wrong != nil) [problems addObject:[NSString stringWithFormat:@"%@ %@ (%s)", text, wrong, method_getTypeEncoding(method)]];
  [exports setObject:export forKey:name];
}

NSDictionary *HostExportsOf(Class module, NSMutableArray *problems) {
  NSMutableDictionary *exports = [NSMutableDictionary dictionary];
  for (Class class = module; class != Nil && class != [NSObject class]; class = class_getSuperclass(class)) {
    unsigned count = 0;
    Method *methods = class_copyMethodList(object_getClass(class), &count);
    for (unsigned n = 0; n < count; n++) addExport(class, methods[n], module, exports, problems);
    free(methods);
  }
  return exports;
}
