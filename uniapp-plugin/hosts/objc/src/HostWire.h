#import <Foundation/Foundation.h>

/* What the host says to the driver: hosts/driver/README.md. From any thread. */
void HostSay(NSDictionary *line);
void HostSayText(NSString *line);
void HostLog(NSString *level, NSString *format, ...);

/* The plugin broke a rule. */
void HostViolation(NSString *format, ...);

/* The host cannot start. Does not return. */
void HostFail(NSString *format, ...) __attribute__((noreturn));

/* Ends the process as it is: threads of the core are still at work. */
void HostExit(int code) __attribute__((noreturn));

/* A value as JSON text. */
NSString *HostJSON(id value);

/* A value of JSON, or nil with a sentence about what is wrong with it. Read by JavaScriptCore, which is strict. */
id HostReadJSON(NSString *text, NSString **problem);
