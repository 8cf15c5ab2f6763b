#import <Foundation/Foundation.h>

/*
 * The JSON text of a value that JavaScript gave. What the runtime's conversion makes besides is written as JSON.stringify does:
 * a date as its ISO text, a number that is none as null, half of a surrogate pair as the replacement character. An object that
 * JSON does not know becomes {"@type": its class}, which no parameter takes for its value.
 *
 * Never throws. Values can contain themselves: 200 levels down the text just ends, and who reads it finds it is no JSON.
 */
NSData *WhinchatIMWriteJSON(id value);

/* What a method was called with as JSON, with a zero behind it. A string is taken for JSON itself, as it is on Android. */
NSData *WhinchatIMWriteParameters(id options);

/* The object of a JSON text, or nil if it is none. Never throws. */
NSDictionary *WhinchatIMReadJSON(const char *text, size_t length);
