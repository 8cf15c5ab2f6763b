// Modules that break the rules, for the host to notice.
#import "DCUniModule.h"

@interface MisbehavingModule : DCUniModule
@end

@implementation MisbehavingModule

UNI_EXPORT_METHOD(@selector(behaves:callback:))
- (void)behaves:(id)options callback:(UniModuleKeepAliveCallback)callback {
  [self later:options callback:callback times:1];
}

UNI_EXPORT_METHOD(@selector(twice:callback:))
- (void)twice:(id)options callback:(UniModuleKeepAliveCallback)callback {
  [self later:options callback:callback times:2];
}

UNI_EXPORT_METHOD(@selector(never:callback:))
- (void)never:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)options, (void)callback;
}

UNI_EXPORT_METHOD(@selector(early:callback:))
- (void)early:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)options;
  callback([NSDictionary dictionary], NO);
}

UNI_EXPORT_METHOD(@selector(unspeakable:callback:))
- (void)unspeakable:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)options;
  callback([NSDictionary dictionaryWithObject:[NSDate date] forKey:@"when"], NO);
}

UNI_EXPORT_METHOD(@selector(throws:callback:))
- (void)throws:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)callback;
  // As a method does that takes a number for a dictionary.
  [options objectForKey:@"a"];
}

UNI_EXPORT_METHOD(@selector(slow:callback:))
- (void)slow:(id)options callback:(UniModuleKeepAliveCallback)callback {
  [NSThread sleepForTimeInterval:1.1];
  [self later:options callback:callback times:1];
}

- (void)later:(id)options callback:(UniModuleKeepAliveCallback)callback times:(int)times {
  (void)options;
  NSValue *block = [NSValue valueWithPointer:Block_copy(callback)];
  NSArray *given = [NSArray arrayWithObjects:block, [NSNumber numberWithInt:times], nil];
  [NSThread detachNewThreadSelector:@selector(answer:) toTarget:self withObject:given];
}

- (void)answer:(NSArray *)given {
  @autoreleasepool {
    UniModuleKeepAliveCallback callback = [[given objectAtIndex:0] pointerValue];
    for (int n = [[given objectAtIndex:1] intValue]; n > 0; n--) callback([NSDictionary dictionary], NO);
    Block_release(callback);
  }
}

@end

@interface MistypedModule : DCUniModule
@end

#pragma clang diagnostic ignored "-Wundeclared-selector"

@implementation MistypedModule

UNI_EXPORT_METHOD(@selector(right:callback:))
- (void)right:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)options, (void)callback;
}

UNI_EXPORT_METHOD(@selector(wrong:))
- (void)wrong:(id)options callback:(UniModuleKeepAliveCallback)callback {
  (void)options, (void)callback;
}

@end
