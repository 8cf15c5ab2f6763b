/*
 * What the runtime's header of this name declares, as far as the shell needs it, written from its documentation: an export is
 * a class method whose name begins with one of two prefixes and which gives the selector's name.
 */
#ifndef DCUniDefine_h
#define DCUniDefine_h

#import <Foundation/Foundation.h>

#define UNI_CONCATENATE_(a, b) a##b
#define UNI_CONCATENATE(a, b) UNI_CONCATENATE_(a, b)

#define UNI_EXPORT_METHOD_INTERNAL(method, token)      \
  +(NSString *)UNI_CONCATENATE(token, __LINE__) {      \
    return NSStringFromSelector(method);               \
  }

/* Runs on the main thread, or on the module's own queue. */
#define UNI_EXPORT_METHOD(method) UNI_EXPORT_METHOD_INTERNAL(method, wx_export_method_)
/* Runs on the JavaScript thread, which waits for what it returns. */
#define UNI_EXPORT_METHOD_SYNC(method) UNI_EXPORT_METHOD_INTERNAL(method, wx_export_method_sync_)

/* A JavaScript function. Any thread may call it; `keepAlive` NO lets it go. */
typedef void (^UniModuleKeepAliveCallback)(id result, BOOL keepAlive);

#endif
