/* See ../Foundation/Foundation.h. */
#import <Foundation/Foundation.h>

enum { UIUserInterfaceIdiomPad = 1 };
@interface UIDevice : NSObject
@property (class, readonly) UIDevice *currentDevice;
@property (readonly) NSInteger userInterfaceIdiom;
@end
