#import "HostQueue.h"

#include <Block.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct work {
  struct work *next;
  void (^what)(void);
  double dueMs;
};

@implementation HostQueue

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

- (id)initWithName:(NSString *)name {
  self = [super init];
  if (self != nil) {
    _name = [name copy];
    pthread_mutex_init(&_lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&_more, &clock);
    pthread_condattr_destroy(&clock);
  }
  return self;
}

- (void)start {
  [NSThread detachNewThreadSelector:@selector(run) toTarget:self withObject:nil];
}

- (struct work *)next {
  pthread_mutex_lock(&_lock);
  while (_first == NULL || _first->dueMs > nowMs()) {
    if (_first == NULL) {
      pthread_cond_wait(&_more, &_lock);
    } else {
      struct timespec until = {.tv_sec = (time_t)(_first->dueMs / 1000)};
      until.tv_nsec = (long)((_first->dueMs - (double)until.tv_sec * 1000) * 1e6);
      pthread_cond_timedwait(&_more, &_lock, &until);
    }
  }
  struct work *next = _first;
  _first = next->next;
  pthread_mutex_unlock(&_lock);
  return next;
}

- (void)run {
  pthread_setname_np(pthread_self(), [_name UTF8String]);
  for (;;) {
    struct work *work = [self next];
    @autoreleasepool {
      work->what();
      Block_release(work->what);
    }
    free(work);
  }
}

- (void)add:(void (^)(void))work {
  [self add:work afterMs:0];
}

- (void)add:(void (^)(void))what afterMs:(double)ms {
  struct work *work = calloc(1, sizeof *work);
  work->what = Block_copy(what);
  pthread_mutex_lock(&_lock);
  work->dueMs = ms > 0 ? nowMs() + ms : 0;
  struct work **place = &_first;
  while (*place != NULL && (*place)->dueMs <= work->dueMs) place = &(*place)->next;
  work->next = *place;
  *place = work;
  pthread_cond_signal(&_more);
  pthread_mutex_unlock(&_lock);
}

- (void)addAndWait:(void (^)(void))work {
  NSCondition *done = [[NSCondition alloc] init];
  __block BOOL over = NO;
  [self add:^{
    work();
    [done lock];
    over = YES;
    [done signal];
    [done unlock];
  }];
  [done lock];
  while (!over) [done wait];
  [done unlock];
  [done release];
}

@end
