/*
 * Two devices in one process, over the C ABI alone: they log in, one writes to the other, contexts end in the middle of calls
 * and from within their own function, and wrong arguments are answered with a code.
 *
 * Arguments: server address, app id, folder, signature of alice, signature of bob. Ends with 0, or says what was wrong.
 */
#include "whinchat.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE_S 20
#define KEPT 256

#define CHECK(right)                                                              \
  do {                                                                            \
    if (!(right)) {                                                               \
      fprintf(stderr, "line %d: %s\n", __LINE__, #right);                         \
      exit(1);                                                                    \
    }                                                                             \
  } while (0)

/* What came out of one context. */
struct inbox {
  pthread_mutex_t lock;
  pthread_cond_t more;
  struct {
    uint64_t call;
    bool keep;
    char *json;
  } kept[KEPT];
  size_t count;
  pthread_t thread;
  bool running;
  bool over;                /* nothing may come any more */
  whinchat_context context; /* to be destroyed from within the function, if not 0 */
};

static void deliver(void *user, uint64_t call, const char *json, size_t length, bool keep) {
  struct inbox *inbox = user;
  pthread_mutex_lock(&inbox->lock);
  CHECK(!inbox->over);
  CHECK(!inbox->running);
  inbox->running = true;
  CHECK(strlen(json) == length);
  if (inbox->count == 0) inbox->thread = pthread_self();
  CHECK(pthread_equal(inbox->thread, pthread_self()));
  CHECK(inbox->count < KEPT);
  inbox->kept[inbox->count].call = call;
  inbox->kept[inbox->count].keep = keep;
  inbox->kept[inbox->count].json = strdup(json);
  inbox->count++;
  whinchat_context last = inbox->context;
  if (last != 0) inbox->over = true;
  inbox->running = false;
  pthread_mutex_unlock(&inbox->lock);
  if (last != 0) {
    CHECK(whinchat_destroy(last) == 0);
    CHECK(whinchat_call(last, 99, "getVersion", NULL) == 6013);
  }
  pthread_mutex_lock(&inbox->lock);
  pthread_cond_broadcast(&inbox->more);
  if (last != 0) inbox->context = 0;
  pthread_mutex_unlock(&inbox->lock);
}

static void prepare(struct inbox *inbox) {
  memset(inbox, 0, sizeof *inbox);
  pthread_mutex_init(&inbox->lock, NULL);
  pthread_cond_init(&inbox->more, NULL);
}

static void empty(struct inbox *inbox) {
  for (size_t n = 0; n < inbox->count; n++) free(inbox->kept[n].json);
  pthread_mutex_destroy(&inbox->lock);
  pthread_cond_destroy(&inbox->more);
}

/* Waits until something with `part` in it came for a call; gives its text, which lives as long as the inbox. */
static const char *await(struct inbox *inbox, uint64_t call, const char *part) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE_S;
  pthread_mutex_lock(&inbox->lock);
  for (;;) {
    for (size_t n = 0; n < inbox->count; n++) {
      if (inbox->kept[n].call == call && strstr(inbox->kept[n].json, part)) {
        const char *found = inbox->kept[n].json;
        pthread_mutex_unlock(&inbox->lock);
        return found;
      }
    }
    if (pthread_cond_timedwait(&inbox->more, &inbox->lock, &until) != 0) {
      fprintf(stderr, "nothing with %s came for call %llu; what came:\n", part, (unsigned long long)call);
      for (size_t n = 0; n < inbox->count; n++) {
        fprintf(stderr, "%llu %s\n", (unsigned long long)inbox->kept[n].call, inbox->kept[n].json);
      }
      exit(1);
    }
  }
}

static size_t answers(struct inbox *inbox, uint64_t call) {
  size_t found = 0;
  pthread_mutex_lock(&inbox->lock);
  for (size_t n = 0; n < inbox->count; n++) found += inbox->kept[n].call == call && !inbox->kept[n].keep;
  pthread_mutex_unlock(&inbox->lock);
  return found;
}

static whinchat_context create(struct inbox *inbox, const char *folder, const char *server, const char *core) {
  char config[2048];
  snprintf(config, sizeof config,
           "{\"documents\":\"%s/%s\",\"platform\":\"android\",\"server\":\"%s\",\"core\":\"%s\",\"unknown\":[]}", folder, core,
           server, core);
  prepare(inbox);
  whinchat_context context = 0;
  CHECK(whinchat_create(config, deliver, inbox, &context) == 0);
  CHECK(context != 0);
  return context;
}

static void log_in(whinchat_context context, struct inbox *inbox, const char *app, const char *user, const char *sig) {
  char params[4096];
  snprintf(params, sizeof params, "{\"sdkAppId\":%s}", app);
  CHECK(whinchat_call(context, 1, "init", params) == 0);
  await(inbox, 1, "\"status\":true");
  CHECK(whinchat_call(context, 2, "setSDKListener", NULL) == 0);
  snprintf(params, sizeof params, "{\"userId\":\"%s\",\"userSig\":\"%s\"}", user, sig);
  CHECK(whinchat_call(context, 3, "login", params) == 0);
  await(inbox, 2, "onConnectSuccess");
  await(inbox, 3, "\"status\":true");
}

static void wrong_arguments(const char *folder) {
  struct inbox inbox;
  whinchat_context context = 0;
  char config[2048];
  snprintf(config, sizeof config, "{\"documents\":\"%s/wrong\",\"platform\":\"ios\"}", folder);
  prepare(&inbox);
  CHECK(whinchat_create(NULL, deliver, &inbox, &context) == 6017);
  CHECK(whinchat_create(config, NULL, &inbox, &context) == 6017);
  CHECK(whinchat_create(config, deliver, &inbox, NULL) == 6017);
  CHECK(whinchat_create("{", deliver, &inbox, &context) == 6027);
  CHECK(whinchat_create("{}", deliver, &inbox, &context) == 6017);
  CHECK(whinchat_create("{\"documents\":\"x\",\"platform\":\"toaster\"}", deliver, &inbox, &context) == 6017);
  CHECK(whinchat_create("\xff\xfe", deliver, &inbox, &context) == 6017);
  CHECK(context == 0);
  CHECK(whinchat_create(config, deliver, &inbox, &context) == 0);
  CHECK(whinchat_call(context, 1, NULL, NULL) == 6017);
  CHECK(whinchat_call(context, 1, "getVersion\xff", NULL) == 6017);
  CHECK(whinchat_call(context, 1, "getVersion", "\"\xc3\x28\"") == 6017);
  CHECK(whinchat_call(0, 1, "getVersion", NULL) == 6013);
  CHECK(whinchat_call(context + 1000, 1, "getVersion", NULL) == 6013);
  CHECK(whinchat_destroy(0) == 6013);
  CHECK(whinchat_call(context, 2, "noSuchMethod", "{}") == 0);
  await(&inbox, 2, "\"status\":false,\"code\":7013");
  CHECK(whinchat_call(context, 3, "getVersion", "no json") == 0);
  await(&inbox, 3, "\"status\":false,\"code\":6027");
  CHECK(whinchat_call(context, 4, "getVersion", "") == 0);
  await(&inbox, 4, whinchat_version());
  CHECK(answers(&inbox, 1) == 0);
  CHECK(whinchat_set_foreground(context, false) == 0);
  CHECK(whinchat_network_changed(context) == 0);
  CHECK(whinchat_pause(context) == 0);
  CHECK(whinchat_resume(context) == 0);
  CHECK(whinchat_pause(context + 1000) == 6013);
  CHECK(whinchat_destroy(context) == 0);
  CHECK(whinchat_destroy(context) == 6013);
  CHECK(whinchat_call(context, 5, "getVersion", NULL) == 6013);
  CHECK(whinchat_set_foreground(context, true) == 6013);
  empty(&inbox);
}

int main(int count, char **given) {
  CHECK(count == 6);
  const char *server = given[1], *app = given[2], *folder = given[3];
  CHECK(strlen(whinchat_version()) > 0);
  wrong_arguments(folder);

  struct inbox alice, bob, second;
  whinchat_context of_alice = create(&alice, folder, server, "alice");
  whinchat_context of_bob = create(&bob, folder, server, "bob");
  log_in(of_alice, &alice, app, "alice", given[4]);
  log_in(of_bob, &bob, app, "bob", given[5]);

  /* A second context of alice's device shares her login. */
  whinchat_context also_alice = create(&second, folder, "ws://127.0.0.1:9", "alice");
  CHECK(whinchat_call(also_alice, 1, "getLoginUser", "null") == 0);
  await(&second, 1, "\"userId\":\"alice\"");

  /* One writes, the other is told. */
  CHECK(whinchat_call(of_bob, 10, "setAdvancedMsgListener", "{}") == 0);
  CHECK(whinchat_call(of_bob, 11, "getLoginStatus", "{}") == 0);
  await(&bob, 11, "\"loginStatus\":1");
  CHECK(whinchat_call(of_alice, 10, "sendC2CTextMessage", "{\"userId\":\"bob\",\"text\":\"from C, \xe4\xbd\xa0\xe5\xa5\xbd\"}") == 0);
  await(&alice, 10, "\"status\":true");
  await(&bob, 10, "\"text\":\"from C, \xe4\xbd\xa0\xe5\xa5\xbd\"");

  /* Asleep, and awake again. */
  CHECK(whinchat_pause(of_bob) == 0);
  CHECK(whinchat_call(of_alice, 11, "sendC2CTextMessage", "{\"userId\":\"bob\",\"text\":\"while he sleeps\"}") == 0);
  await(&alice, 11, "\"status\":true");
  CHECK(whinchat_resume(of_bob) == 0);
  await(&bob, 10, "while he sleeps");
  CHECK(answers(&alice, 10) == 1 && answers(&alice, 11) == 1);

  /* A context ends from within its own function, and its device stays for the other one. */
  pthread_mutex_lock(&second.lock);
  second.context = also_alice;
  pthread_mutex_unlock(&second.lock);
  CHECK(whinchat_call(also_alice, 2, "getVersion", NULL) == 0);
  await(&second, 2, "\"status\":true");
  pthread_mutex_lock(&second.lock);
  while (second.context != 0) pthread_cond_wait(&second.more, &second.lock);
  pthread_mutex_unlock(&second.lock);
  CHECK(whinchat_call(of_alice, 12, "getLoginStatus", NULL) == 0);
  await(&alice, 12, "\"loginStatus\":1");

  /* Contexts end in the middle of calls: nothing comes any more. */
  for (uint64_t n = 0; n < 100; n++) {
    CHECK(whinchat_call(of_alice, 100 + n, "sendC2CTextMessage", "{\"userId\":\"bob\",\"text\":\"in mid-call\"}") == 0);
  }
  CHECK(whinchat_destroy(of_alice) == 0);
  alice.over = true;
  CHECK(whinchat_destroy(of_bob) == 0);
  bob.over = true;

  /* The folder was given back: the device starts again, still without a network. */
  struct inbox again;
  whinchat_context after = create(&again, folder, server, "alice");
  log_in(after, &again, app, "alice", given[4]);
  CHECK(whinchat_destroy(after) == 0);
  again.over = true;

  empty(&alice);
  empty(&bob);
  empty(&second);
  empty(&again);
  puts("good");
  return 0;
}
