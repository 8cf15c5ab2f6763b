/* See ../Foundation/Foundation.h. */
#import <Foundation/Foundation.h>

typedef NSObject *dispatch_queue_t;
#define DISPATCH_QUEUE_SERIAL ((void *)0)
extern __attribute__((ns_returns_retained)) dispatch_queue_t dispatch_queue_create(const char *label, void *attributes);

typedef NSObject *nw_path_t;
typedef NSObject *nw_path_monitor_t;
extern __attribute__((ns_returns_retained)) nw_path_monitor_t nw_path_monitor_create(void);
extern void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue);
extern void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, void (^handler)(nw_path_t path));
extern void nw_path_monitor_start(nw_path_monitor_t monitor);
