/*
 * What the shell asks of the platform: WhinchatIMPlatform.m answers on a phone, the test host answers for itself.
 * Nothing here is asked before the app has called a method of the plugin.
 */
#import <Foundation/Foundation.h>

/* The folder that data goes to when `init` names none; private to the app. */
NSString *WhinchatIMDocuments(void);

/* `ios` or `tablet`: users have one session on each. */
NSString *WhinchatIMDeviceKind(void);

/* The server's address from the parameter of the plugin's manifest, or nil. */
NSString *WhinchatIMServer(void);

/* Calls `changed` whenever the device may be on another network, from any thread, until the process ends. */
void WhinchatIMWatchNetwork(void (^changed)(void));

/*
 * Asks the system not to suspend the app, and calls `work` on a thread of its own with NO; the app is not suspended before that
 * has returned. When the system wants to suspend it all the same, `work` is called with YES, beside the first call if that is
 * still there, and has a few seconds.
 */
void WhinchatIMStayAwake(void (^work)(BOOL now));
