// A phone for the iOS shell: hosts/driver/README.md says what goes in and out.
#import <Foundation/Foundation.h>

#import "HostEngine.h"
#import "HostExports.h"
#import "HostPackage.h"
#import "HostPage.h"
#import "HostPlatform.h"
#import "HostQueue.h"
#import "HostWire.h"
#import "UniPluginProtocol.h"

#include <Block.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The process: pages live on the main thread, their JavaScript on its own. */
@interface Host : NSObject {
 @public
  HostQueue *main, *javascript;
 @private
  HostPackage *_package;
  BOOL _traced;
  // Of the main thread.
  NSMutableDictionary *_pages;
  // Of the JavaScript thread.
  NSMutableDictionary *_engines;
}
@end

@implementation Host

- (id)init {
  self = [super init];
  if (self != nil) {
    main = [[HostQueue alloc] initWithName:@"main"];
    javascript = [[HostQueue alloc] initWithName:@"javascript"];
    _pages = [[NSMutableDictionary alloc] init];
    _engines = [[NSMutableDictionary alloc] init];
  }
  return self;
}

/* A line of the driver's; on the main thread. */
- (void)take:(NSString *)text {
  NSString *problem = nil;
  NSDictionary *line = HostReadJSON(text, &problem);
  if (![line isKindOfClass:[NSDictionary class]]) {
    HostViolation(@"the driver said what is no line (%@): %@", problem, text);
    return;
  }
  NSString *what = [line objectForKey:@"do"];
  if (_package == nil && ![what isEqualToString:@"start"]) {
    HostFail(@"the first line is to be `start`, and is `%@`", what);
  } else if ([what isEqualToString:@"start"]) {
    [self start:line];
  } else if ([what isEqualToString:@"call"]) {
    [[self page:[line objectForKey:@"page"]] call:line];
  } else if ([what isEqualToString:@"destroyPage"]) {
    [self destroy:[line objectForKey:@"page"]];
  } else if ([what isEqualToString:@"lifecycle"]) {
    [self lifecycle:[line objectForKey:@"event"]];
  } else if ([what isEqualToString:@"stats"]) {
    [self stats];
  } else if ([what isEqualToString:@"quit"]) {
    [self quit];
  } else if ([what isEqualToString:@"script"] || [what isEqualToString:@"load"]) {
    [self script:line];
  } else if ([what isEqualToString:@"answer"]) {
    [self tell:@"answered" text:text];
  } else if ([what isEqualToString:@"from"]) {
    [self tell:@"invoked" text:text];
  } else if ([what isEqualToString:@"event"]) {
    [self tell:@"fired" text:text];
  }
}

- (void)start:(NSDictionary *)line {
  NSDictionary *parameters = [line objectForKey:@"parameters"];
  NSString *background = [parameters objectForKey:@"backgroundMs"];
  if (background != nil) [HostPlatform setBackgroundMs:[background doubleValue]];
  [HostPlatform setDocuments:[line objectForKey:@"documents"] kind:[line objectForKey:@"platform"] server:[line objectForKey:@"server"]];
  _traced = [[line objectForKey:@"trace"] boolValue];
  _package = [[HostPackage alloc] initWithFolder:[line objectForKey:@"package"]];
  NSMutableArray *plugins = [NSMutableArray array];
  for (NSString *name in [_package names]) {
    NSArray *methods = [[_package exportsOf:name] allKeys];
    [plugins addObject:[NSDictionary dictionaryWithObjectsAndKeys:name, @"name", methods, @"methods", nil]];
  }
  NSDictionary *ready =
      [NSDictionary dictionaryWithObjectsAndKeys:@"objc", @"host", [NSNumber numberWithBool:YES], @"engine", plugins, @"plugins", nil];
  HostSay([NSDictionary dictionaryWithObject:ready forKey:@"ready"]);
}

- (HostPage *)page:(NSString *)name {
  HostPage *page = [_pages objectForKey:name];
  if (page == nil) {
    page = [[[HostPage alloc] initWithName:name package:_package javascript:javascript] autorelease];
    [page setTraced:_traced];
    [_pages setObject:page forKey:name];
  }
  return page;
}

- (void)destroy:(NSString *)name {
  [[_pages objectForKey:name] destroy];
  [_pages removeObjectForKey:name];
  [javascript add:^{
    [_engines removeObjectForKey:name];
    HostSay([NSDictionary dictionaryWithObject:name forKey:@"destroyed"]);
  }];
}

- (void)lifecycle:(NSString *)event {
  id<UniPluginProtocol> hook = [_package hook];
  if ([event isEqualToString:@"background"]) {
    [hook applicationDidEnterBackground:nil];
  } else if ([event isEqualToString:@"foreground"]) {
    [hook applicationWillEnterForeground:nil];
  } else if ([event isEqualToString:@"network"]) {
    [HostPlatform networkChanged];
  }
}

- (void)stats {
  NSMutableDictionary *stats = [NSMutableDictionary dictionary];
  [stats setObject:[NSMutableArray array] forKey:@"unanswered"];
  [stats setObject:[NSMutableArray array] forKey:@"slow"];
  [stats setObject:[NSNumber numberWithLong:HostLiveBlocks()] forKey:@"blocks"];
  for (NSString *name in _pages) [[_pages objectForKey:name] count:stats];
  // Behind the callbacks that are on their way.
  NSDictionary *line = [NSDictionary dictionaryWithObject:stats forKey:@"stats"];
  [javascript add:^{
    HostSay(line);
  }];
}

- (void)quit {
  for (NSString *name in [_pages allKeys]) [self destroy:name];
  [javascript addAndWait:^{
    HostSay([NSDictionary dictionaryWithObject:[NSNumber numberWithBool:YES] forKey:@"bye"]);
  }];
  HostExit(0);
}

/* Gives a page its JavaScript: a script, or ready-made ones. */
- (void)script:(NSDictionary *)line {
  HostPage *page = [self page:[line objectForKey:@"page"]];
  [javascript add:^{
    HostEngine *engine = [[[HostEngine alloc] initWithQueue:javascript call:^(NSDictionary *said) {
      NSMutableDictionary *call = [NSMutableDictionary dictionaryWithDictionary:said];
      [call setObject:[page name] forKey:@"page"];
      [main add:^{
        [page call:call];
      }];
    }] autorelease];
    [_engines setObject:engine forKey:[page name]];
    [page setListener:engine];
    NSArray *prelude = [line objectForKey:@"prelude"];
    [engine evaluate:[prelude objectAtIndex:0]];
    [engine tell:@"begin" text:HostJSON([line objectForKey:@"given"])];
    for (NSUInteger n = 1; n < [prelude count]; n++) [engine evaluate:[prelude objectAtIndex:n]];
    NSArray *scripts = [line objectForKey:@"scripts"];
    if (scripts == nil) {
      [engine tell:@"run" text:HostJSON(line)];
      return;
    }
    for (NSDictionary *script in scripts) [engine evaluate:script];
    HostSay([NSDictionary dictionaryWithObject:[page name] forKey:@"loaded"]);
  }];
}

/* Tells every page's JavaScript; those who did not ask have nothing to do with it. */
- (void)tell:(NSString *)name text:(NSString *)text {
  [javascript add:^{
    for (NSString *page in [_engines allKeys]) [[_engines objectForKey:page] tell:name text:text];
  }];
}

/* Reads the driver's lines until there are no more. */
- (void)listen {
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getline(&line, &room, stdin)) > 0) {
    @autoreleasepool {
      if (line[length - 1] == '\n') length--;
      NSString *text = [[[NSString alloc] initWithBytes:line length:(NSUInteger)length encoding:NSUTF8StringEncoding] autorelease];
      if (text == nil) {
        HostViolation(@"the driver said what is no UTF-8");
      } else if ([text length] > 0) {
        [main add:^{
          [self take:text];
        }];
      }
    }
  }
  HostExit(0);
}

@end

int main(void) {
  @autoreleasepool {
    Host *host = [[Host alloc] init];
    [host->javascript start];
    [NSThread detachNewThreadSelector:@selector(listen) toTarget:host withObject:nil];
    [host->main run];
  }
}
