/*
 * Whinchat: the methods of the JavaScript API (docs/reference.md), called from C.
 *
 * A context stands for one JavaScript context. It is made with a configuration and a function of yours, takes calls, and
 * hands each answer and event to that function. Contexts that name the same `core` are contexts of one device: they share
 * its data, its connection and its login.
 *
 * Texts are UTF-8 and end with a zero byte; they are read during the call and not kept. Functions return 0, or the number of
 * an error of docs/errors.md; they may be called from any thread at any time, also from your delivery function, and a context
 * that does not exist or was destroyed gives 6013. A fault inside the library is 7012; nothing is thrown or unwound
 * into your code, and your function must not throw into the library.
 */
#ifndef WHINCHAT_H
#define WHINCHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A context: a number, never 0. */
typedef uint64_t whinchat_context;

/*
 * Your function. `call` is the id that the method was called with; `json` an object (a result with `status`, or an event with
 * `eventType`) of `length` bytes, followed by a zero byte, valid until you return. `keep` is true for an event: the callback
 * of that call stays and will be called again; false: this was its only call, let it go.
 *
 * All deliveries of a context come from one thread that belongs to it, one after the other, in the order in which they came
 * about. While you do not return, the events of this context wait; other contexts go on.
 */
typedef void (*whinchat_deliver)(void *user, uint64_t call, const char *json, size_t length, bool keep);

/*
 * Makes a context and writes its number to `*out`. `user` is handed to every delivery and not touched.
 *
 * `config` is a JSON object:
 *   documents  text, required   folder for the data of an app that names none in `init`
 *   platform   text, required   android, ios, tablet, desktop or web
 *   deviceId   text             a stable id of this installation; else one is made and kept with the data
 *   server     text             address for an `init` that names none
 *   appRoot    text             where the app's own files (_www/) are
 *   core       text             name of the device; contexts with the same name share it, and the first one's configuration
 *                               holds. Give different names, and different documents, for several devices in one process.
 *
 * 6017: `config`, `deliver` or `out` is NULL, something required is missing or wrong. 6027: `config` is no JSON.
 */
int32_t whinchat_create(const char *config, whinchat_deliver deliver, void *user, whinchat_context *out);

/*
 * Calls a method. Returns at once; when it returns 0, the answer comes as a delivery with this `id`, exactly one for an
 * ordinary method, and one for each event for the setter of a listener. When it returns something else there is no delivery.
 * What is wrong with the method's name or parameters is an answer, not a returned error. Calls of one context begin in the
 * order in which they are made. `id` is yours: choose one that no callback waits for.
 *
 * `params` is a JSON object, or NULL for none.
 *
 * 6017: `method` is NULL, or one of the texts is not UTF-8. 6013: no such context.
 */
int32_t whinchat_call(whinchat_context context, uint64_t id, const char *method, const char *params);

/*
 * Ends a context. Calls without an answer get none. When this returns, your function does not run for this context and never
 * will again, so `user` may be freed.
 *
 * It waits for a delivery that is under way: hold no lock that your function wants. Called from within your function of this
 * very context it does not wait for itself; then that delivery is the last one, and `user` has to live until it returns.
 * Two contexts must not destroy each other from within their functions at the same time.
 *
 * With the last context of a device, nobody is logged out; what waits to be sent is kept, the files are closed, and the folder
 * can be used again by whoever comes next. That too is over when this returns.
 */
int32_t whinchat_destroy(whinchat_context context);

/*
 * Tells whether somebody looks at the app; a new device takes it that somebody does. In the background the connection is
 * asked for less often. Coming to the foreground tries at once to connect.
 */
int32_t whinchat_set_foreground(whinchat_context context, bool foreground);

/* Tells that the device may be on another network: a device that waits to connect tries at once. */
int32_t whinchat_network_changed(whinchat_context context);

/*
 * Puts the device to sleep, for an app that is about to be suspended: what waits has a moment to go out, the server is told,
 * files and locks are given back. Until whinchat_resume, methods are refused with 7014, and listeners stay. Waits until it is
 * done, a few seconds at most. Does nothing before `init`.
 */
int32_t whinchat_pause(whinchat_context context);

/*
 * Wakes the device. Waits until what is stored can be used; no network is needed. 6005: another process has the folder; 6019,
 * 6022: the files. Then it goes on sleeping, and this may be called again.
 */
int32_t whinchat_resume(whinchat_context context);

/* The version of the library, such as "0.1.0". Lives as long as the process. */
const char *whinchat_version(void);

#ifdef __cplusplus
}
#endif

#endif
