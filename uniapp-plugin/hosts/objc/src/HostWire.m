#import "HostWire.h"

#import "WhinchatIMJSON.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

NSString *HostJSON(id value) {
  return [[[NSString alloc] initWithData:WhinchatIMWriteJSON(value) encoding:NSUTF8StringEncoding] autorelease];
}

void HostSayText(NSString *line) {
  const char *text = [line UTF8String];
  pthread_mutex_lock(&lock);
  fputs(text, stdout);
  fputc('\n', stdout);
  fflush(stdout);
  pthread_mutex_unlock(&lock);
}

void HostSay(NSDictionary *line) {
  @autoreleasepool {
    HostSayText(HostJSON(line));
  }
}

static NSString *sentence(NSString *format, va_list values) {
  return [[[NSString alloc] initWithFormat:format arguments:values] autorelease];
}

static void sayOne(NSString *what, id value) { HostSay([NSDictionary dictionaryWithObject:value forKey:what]); }

void HostLog(NSString *level, NSString *format, ...) {
  @autoreleasepool {
    va_list values;
    va_start(values, format);
    NSString *text = sentence(format, values);
    va_end(values);
    sayOne(@"log", [NSDictionary dictionaryWithObjectsAndKeys:level, @"level", text, @"text", nil]);
  }
}

void HostViolation(NSString *format, ...) {
  @autoreleasepool {
    va_list values;
    va_start(values, format);
    sayOne(@"violation", sentence(format, values));
    va_end(values);
  }
}

void HostFail(NSString *format, ...) {
  va_list values;
  va_start(values, format);
  sayOne(@"failed", sentence(format, values));
  va_end(values);
  HostExit(1);
}

void HostExit(int code) {
  fflush(stdout);
  _exit(code);
}
