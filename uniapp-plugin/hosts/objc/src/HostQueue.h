#import <Foundation/Foundation.h>

/* Work done one after the other on one thread. */
@interface HostQueue : NSObject {
 @private
  NSString *_name;
  pthread_mutex_t _lock;
  pthread_cond_t _more;
  // By the time at which they are due, and then by the order in which they came.
  struct work *_first;
}

- (id)initWithName:(NSString *)name;

/* Works on a thread of its own. */
- (void)start;

/* Works on this thread, and does not return. */
- (void)run;

- (void)add:(void (^)(void))work;
- (void)add:(void (^)(void))work afterMs:(double)ms;

/* Waits until it is done; not to be called on the queue's own thread. */
- (void)addAndWait:(void (^)(void))work;

@end
