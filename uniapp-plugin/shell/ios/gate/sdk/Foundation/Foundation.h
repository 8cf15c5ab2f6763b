/*
 * As much of Apple's Foundation as the shell uses, so that a compiler without Apple's SDK can build it for Apple's target and
 * its exports can be looked at. Declarations only, written from the documentation. It says nothing about whether the shell is
 * right to call these as it does: the SDK does, and only Xcode has it.
 */
#ifndef GATE_FOUNDATION_H
#define GATE_FOUNDATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef bool BOOL;
#define YES ((BOOL)1)
#define NO ((BOOL)0)
typedef long NSInteger;
typedef unsigned long NSUInteger;
typedef unsigned short unichar;
typedef double NSTimeInterval;
typedef struct objc_selector *SEL;
#define nil ((id)0)

typedef struct {
  NSUInteger location;
  NSUInteger length;
} NSRange;
static inline NSRange NSMakeRange(NSUInteger location, NSUInteger length) { return (NSRange){location, length}; }

@class NSString, NSNumber, NSArray, NSData, NSDictionary;

@protocol NSObject
@end
__attribute__((objc_root_class))
@interface NSObject <NSObject>
+ (instancetype)alloc;
+ (Class)class;
- (instancetype)init;
- (Class)class;
- (id)copy;
- (id)mutableCopy;
- (void)dealloc;
- (BOOL)isKindOfClass:(Class)of;
- (NSString *)description;
@end

@interface NSString : NSObject
@property (readonly) NSUInteger length;
@property (readonly) const char *UTF8String;
+ (instancetype)stringWithFormat:(NSString *)format, ...;
- (instancetype)initWithData:(NSData *)data encoding:(NSUInteger)encoding;
- (void)getCharacters:(unichar *)to range:(NSRange)range;
- (BOOL)isEqualToString:(NSString *)other;
- (NSString *)stringByAppendingPathComponent:(NSString *)part;
@end
enum { NSUTF8StringEncoding = 4 };

@interface NSNumber : NSObject
@property (readonly) const char *objCType;
@property (readonly) BOOL boolValue;
@property (readonly) double doubleValue;
@property (readonly) NSString *stringValue;
+ (NSNumber *)numberWithBool:(BOOL)value;
+ (NSNumber *)numberWithInt:(int)value;
+ (NSNumber *)numberWithUnsignedLongLong:(unsigned long long)value;
- (NSInteger)compare:(NSNumber *)other;
@end
enum { NSOrderedAscending = -1L };

@interface NSNull : NSObject
@end
@interface NSDate : NSObject
@property (readonly) NSTimeInterval timeIntervalSince1970;
@end

@interface NSData : NSObject
@property (readonly) const void *bytes;
+ (instancetype)dataWithBytesNoCopy:(void *)bytes length:(NSUInteger)length freeWhenDone:(BOOL)free;
@end
@interface NSMutableData : NSData
+ (instancetype)dataWithCapacity:(NSUInteger)capacity;
- (void)appendBytes:(const void *)bytes length:(NSUInteger)length;
@end

typedef struct {
  unsigned long state;
  id __unsafe_unretained *itemsPtr;
  unsigned long *mutationsPtr;
  unsigned long extra[5];
} NSFastEnumerationState;
@protocol NSFastEnumeration
- (NSUInteger)countByEnumeratingWithState:(NSFastEnumerationState *)state
                                  objects:(id __unsafe_unretained[])objects
                                    count:(NSUInteger)count;
@end
@interface NSArray : NSObject <NSFastEnumeration>
@property (readonly) NSUInteger count;
@property (readonly) id firstObject;
+ (instancetype)arrayWithObjects:(id)first, ...;
+ (instancetype)array;
- (id)objectAtIndex:(NSUInteger)index;
@end
@interface NSMutableArray : NSArray
- (void)addObject:(id)object;
- (void)removeObjectAtIndex:(NSUInteger)index;
@end
@interface NSDictionary : NSObject <NSFastEnumeration>
@property (readonly) NSUInteger count;
+ (instancetype)dictionary;
+ (instancetype)dictionaryWithObjectsAndKeys:(id)first, ...;
- (id)objectForKey:(id)key;
@end
@interface NSMutableDictionary : NSDictionary
- (void)setObject:(id)object forKey:(id)key;
- (void)removeObjectForKey:(id)key;
- (void)removeObjectsForKeys:(NSArray *)keys;
- (void)removeAllObjects;
@end

@interface NSJSONSerialization : NSObject
+ (id)JSONObjectWithData:(NSData *)data options:(NSUInteger)options error:(id *)error;
@end

@interface NSLock : NSObject
- (void)lock;
- (void)unlock;
@end
@interface NSCondition : NSLock
- (void)wait;
- (void)broadcast;
@end
@interface NSThread : NSObject
+ (void)detachNewThreadSelector:(SEL)selector toTarget:(id)target withObject:(id)object;
@end
@interface NSProcessInfo : NSObject
+ (NSProcessInfo *)processInfo;
- (void)performExpiringActivityWithReason:(NSString *)reason usingBlock:(void (^)(BOOL expired))block;
@end
@interface NSBundle : NSObject
+ (NSBundle *)mainBundle;
- (id)objectForInfoDictionaryKey:(NSString *)key;
@end

enum { NSApplicationSupportDirectory = 14, NSUserDomainMask = 1 };
extern NSArray *NSSearchPathForDirectoriesInDomains(NSUInteger directory, NSUInteger domains, BOOL expand);
extern NSString *NSStringFromSelector(SEL selector);
extern NSString *NSStringFromClass(Class of);
extern void NSLog(NSString *format, ...);

#endif
