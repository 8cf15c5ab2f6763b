#import "HostPackage.h"

#import "DCUniBasePlugin.h"
#import "HostExports.h"
#import "HostWire.h"
#import "UniPluginProtocol.h"

@implementation HostPackage

- (id)initWithFolder:(NSString *)folder {
  self = [super init];
  if (self == nil) return nil;
  _classes = [[NSMutableDictionary alloc] init];
  _exports = [[NSMutableDictionary alloc] init];
  NSString *path = [folder stringByAppendingPathComponent:@"package.json"];
  NSString *text = [NSString stringWithContentsOfFile:path encoding:NSUTF8StringEncoding error:NULL];
  if (text == nil) HostFail(@"%@ cannot be read", path);
  NSString *problem = nil;
  NSDictionary *package = HostReadJSON(text, &problem);
  if (package == nil) HostFail(@"%@ is no strict JSON: %@", path, problem);
  NSDictionary *ios = [[package objectForKey:@"_dp_nativeplugin"] objectForKey:@"ios"];
  for (NSDictionary *plugin in [ios objectForKey:@"plugins"]) {
    [self add:[plugin objectForKey:@"name"] class:[plugin objectForKey:@"class"]];
  }
  if ([_classes count] == 0) HostFail(@"%@ names no module for iOS", path);
  [self hookOf:[ios objectForKey:@"hooksClass"]];
  return self;
}

- (void)add:(NSString *)name class:(NSString *)named {
  Class module = NSClassFromString(named);
  if (module == Nil) HostFail(@"the module %@ is to be the class %@, and there is none", name, named);
  if (![module isSubclassOfClass:[DCUniModule class]]) HostFail(@"%@ is no DCUniModule", named);
  NSMutableArray *problems = [NSMutableArray array];
  NSDictionary *exports = HostExportsOf(module, problems);
  if ([problems count] > 0) HostFail(@"%@: %@", named, [problems componentsJoinedByString:@"; "]);
  [_classes setObject:module forKey:name];
  [_exports setObject:exports forKey:name];
}

- (void)hookOf:(NSString *)named {
  if (named == nil) return;
  Class hook = NSClassFromString(named);
  if (hook == Nil) HostFail(@"%@ is to be the hook, and there is no such class", named);
  _hook = [[hook alloc] init];
  if ([_hook respondsToSelector:@selector(onCreateUniPlugin)]) [_hook onCreateUniPlugin];
}

- (NSArray *)names {
  return [_classes allKeys];
}

- (Class)classOf:(NSString *)module {
  return [_classes objectForKey:module];
}

- (NSDictionary *)exportsOf:(NSString *)module {
  return [_exports objectForKey:module];
}

- (id)hook {
  return _hook;
}

@end
