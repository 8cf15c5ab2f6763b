#import "HostEngine.h"

#import "HostWire.h"

#include <Block.h>
#include <JavaScriptCore/JavaScript.h>
#include <stdlib.h>

// Exported, and not declared in the headers that are installed.
void JSGlobalContextSetUnhandledRejectionCallback(JSGlobalContextRef context, JSObjectRef function, JSValueRef *exception);

@implementation HostEngine

static JSStringRef textOf(NSString *string) { return JSStringCreateWithUTF8CString([string UTF8String]); }

static NSString *stringOf(JSContextRef context, JSValueRef value) {
  JSStringRef text = JSValueToStringCopy(context, value, NULL);
  if (text == NULL) return @"";
  size_t size = JSStringGetMaximumUTF8CStringSize(text);
  char *bytes = malloc(size);
  // The zero at its end is counted; others are characters.
  size_t length = JSStringGetUTF8CString(text, bytes, size);
  NSString *string = nil;
  if (length > 0) string = [[[NSString alloc] initWithBytes:bytes length:length - 1 encoding:NSUTF8StringEncoding] autorelease];
  free(bytes);
  JSStringRelease(text);
  return string != nil ? string : @"";
}

static JSValueRef get(JSContextRef context, JSObjectRef object, NSString *name) {
  JSStringRef text = textOf(name);
  JSValueRef value = JSObjectGetProperty(context, object, text, NULL);
  JSStringRelease(text);
  return value;
}

static void set(JSContextRef context, NSString *name, JSValueRef value) {
  JSStringRef text = textOf(name);
  JSObjectSetProperty(context, JSContextGetGlobalObject(context), text, value, kJSPropertyAttributeDontEnum, NULL);
  JSStringRelease(text);
}

/* What an error says, and where it came from. */
static NSString *explain(JSContextRef context, JSValueRef error) {
  NSString *said = stringOf(context, error);
  if (!JSValueIsObject(context, error)) return said;
  JSValueRef stack = get(context, (JSObjectRef)error, @"stack");
  return JSValueIsString(context, stack) ? [NSString stringWithFormat:@"%@\n%@", said, stringOf(context, stack)] : said;
}

static JSValueRef native(JSContextRef context, JSObjectRef function, JSObjectRef this, size_t count, const JSValueRef given[],
                         JSValueRef *exception) {
  (void)this, (void)exception;
  @autoreleasepool {
    HostEngine *engine = JSObjectGetPrivate((JSObjectRef)get(context, function, @"engine"));
    if (count == 2) [engine heard:stringOf(context, given[0]) text:stringOf(context, given[1])];
  }
  return JSValueMakeUndefined(context);
}

- (id)initWithQueue:(HostQueue *)javascript call:(void (^)(NSDictionary *))call {
  self = [super init];
  if (self == nil) return nil;
  _javascript = [javascript retain];
  _call = Block_copy(call);
  JSClassDefinition definition = kJSClassDefinitionEmpty;
  definition.className = "Engine";
  JSClassRef holder = JSClassCreate(&definition);
  _context = JSGlobalContextCreate(NULL);
  JSStringRef name = textOf(@"__native");
  JSObjectRef function = JSObjectMakeFunctionWithCallback(_context, name, native);
  JSStringRef engine = textOf(@"engine");
  JSObjectSetProperty(_context, function, engine, JSObjectMake(_context, holder, self), kJSPropertyAttributeDontEnum, NULL);
  JSStringRelease(engine);
  JSStringRelease(name);
  JSClassRelease(holder);
  set(_context, @"__native", function);
  return self;
}

- (void)dealloc {
  JSGlobalContextRelease(_context);
  Block_release(_call);
  [_javascript release];
  [super dealloc];
}

/* What JavaScript says to the host. */
- (void)heard:(NSString *)kind text:(NSString *)text {
  if ([kind isEqualToString:@"say"]) {
    HostSayText(text);
    return;
  }
  NSDictionary *said = HostReadJSON(text, NULL);
  if ([kind isEqualToString:@"call"]) {
    _call(said);
  } else if ([kind isEqualToString:@"timer"]) {
    NSNumber *timer = [said objectForKey:@"id"];
    [_javascript add:^{
      [self tell:@"timer" js:JSValueMakeNumber(_context, [timer doubleValue])];
    } afterMs:[[said objectForKey:@"ms"] doubleValue]];
  } else if ([kind isEqualToString:@"console"]) {
    HostSay([NSDictionary dictionaryWithObject:said forKey:@"console"]);
  }
}

- (void)evaluate:(NSDictionary *)given {
  JSStringRef source = textOf([given objectForKey:@"source"]), name = textOf([given objectForKey:@"name"]);
  JSValueRef exception = NULL;
  JSEvaluateScript(_context, source, NULL, name, 1, &exception);
  JSStringRelease(source);
  JSStringRelease(name);
  if (exception != NULL) [self rejected:exception];
  [self watchRejections];
}

- (JSObjectRef)runtime {
  JSValueRef runtime = get(_context, JSContextGetGlobalObject(_context), @"__runtime");
  return JSValueIsObject(_context, runtime) ? (JSObjectRef)runtime : NULL;
}

/* `__runtime.rejected` hears of promises too, from when it is there. */
- (void)watchRejections {
  JSObjectRef runtime = [self runtime];
  if (runtime == NULL) return;
  JSValueRef rejected = get(_context, runtime, @"rejected");
  if (JSValueIsObject(_context, rejected)) {
    // It is called with the promise and the reason.
    JSStringRef source = textOf(@"(function (promise, reason) { __runtime.rejected(reason) })");
    JSValueRef function = JSEvaluateScript(_context, source, NULL, NULL, 1, NULL);
    JSStringRelease(source);
    JSGlobalContextSetUnhandledRejectionCallback(_context, (JSObjectRef)function, NULL);
  }
}

- (void)rejected:(JSValueRef)error {
  JSObjectRef runtime = [self runtime];
  JSValueRef rejected = runtime == NULL ? NULL : get(_context, runtime, @"rejected");
  if (rejected == NULL || !JSValueIsObject(_context, rejected)) {
    HostViolation(@"the page's scripts threw: %@", explain(_context, error));
    return;
  }
  JSObjectCallAsFunction(_context, (JSObjectRef)rejected, runtime, 1, &error, NULL);
}

- (void)tell:(NSString *)name js:(JSValueRef)value {
  JSObjectRef runtime = [self runtime];
  JSValueRef function = runtime == NULL ? NULL : get(_context, runtime, name);
  if (function == NULL || !JSValueIsObject(_context, function)) {
    HostViolation(@"the page has no __runtime.%@", name);
    return;
  }
  JSValueRef exception = NULL;
  JSObjectCallAsFunction(_context, (JSObjectRef)function, runtime, 1, &value, &exception);
  if (exception != NULL) [self rejected:exception];
}

- (void)tell:(NSString *)name text:(NSString *)text {
  JSStringRef string = textOf(text);
  [self tell:name js:JSValueMakeString(_context, string)];
  JSStringRelease(string);
}

- (void)invoked:(NSString *)callback {
  [self tell:@"invoked" text:callback];
}

@end

/* A value as JavaScriptCore gives it to Objective-C: every number is a double. Half of a surrogate pair, which no string of
 * GNUstep's holds, is replaced. */
static id objectOf(JSContextRef context, JSValueRef value) {
  switch (JSValueGetType(context, value)) {
    case kJSTypeBoolean:
      return [NSNumber numberWithBool:JSValueToBoolean(context, value)];
    case kJSTypeNumber:
      return [NSNumber numberWithDouble:JSValueToNumber(context, value, NULL)];
    case kJSTypeString:
      return stringOf(context, value);
    case kJSTypeObject:
      break;
    default:
      return [NSNull null];
  }
  JSObjectRef object = (JSObjectRef)value;
  if (JSValueIsArray(context, value)) {
    NSMutableArray *array = [NSMutableArray array];
    unsigned length = (unsigned)JSValueToNumber(context, get(context, object, @"length"), NULL);
    for (unsigned n = 0; n < length; n++) {
      [array addObject:objectOf(context, JSObjectGetPropertyAtIndex(context, object, n, NULL))];
    }
    return array;
  }
  NSMutableDictionary *dictionary = [NSMutableDictionary dictionary];
  JSPropertyNameArrayRef names = JSObjectCopyPropertyNames(context, object);
  for (size_t n = 0; n < JSPropertyNameArrayGetCount(names); n++) {
    JSStringRef name = JSPropertyNameArrayGetNameAtIndex(names, n);
    JSValueRef key = JSValueMakeString(context, name);
    [dictionary setObject:objectOf(context, JSObjectGetProperty(context, object, name, NULL)) forKey:stringOf(context, key)];
  }
  JSPropertyNameArrayRelease(names);
  return dictionary;
}

id HostReadJSON(NSString *text, NSString **problem) {
  // NSJSONSerialization reads more than JSON; JavaScript's own reader does not.
  static JSGlobalContextRef context;
  @synchronized([HostEngine class]) {
    if (context == NULL) context = JSGlobalContextCreate(NULL);
    JSStringRef source = textOf(text);
    JSValueRef value = JSValueMakeFromJSONString(context, source);
    JSStringRelease(source);
    if (value != NULL) return objectOf(context, value);
  }
  if (problem != NULL) *problem = @"JSON.parse refuses it";
  return nil;
}
