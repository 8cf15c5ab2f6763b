#import "WhinchatIMCalls.h"

/* The module that JavaScript gets: its methods are exported by generated/WhinchatIMModule.m. */
@interface WhinchatIMModule : WhinchatIMCalls
@end
