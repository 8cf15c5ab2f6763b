package im.whinchat.uniapp.host;

import android.content.Context;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import io.dcloud.feature.uniapp.UniSDKInstance;
import io.dcloud.feature.uniapp.bridge.UniJSCallback;
import io.dcloud.feature.uniapp.common.UniDestroyableModule;
import io.dcloud.feature.uniapp.common.UniModule;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A JavaScript instance: its thread, its module objects, its callbacks. */
final class Instance extends UniSDKInstance {
    private static final long SLOW_MS = 16;
    private static final long TOO_SLOW_MS = 1_000;

    /** A call that is running on the JavaScript thread. */
    /** A call that holds the JavaScript thread. */
    record Running(String method, long since, AtomicBoolean blamed) {
        Running(String method) {
            this(method, System.nanoTime(), new AtomicBoolean());
        }

        long ms() {
            return (System.nanoTime() - since) / 1_000_000;
        }
    }

    private final Phone phone;
    private final String name;
    private final ExecutorService thread;
    private final Map<String, UniModule> modules = new LinkedHashMap<>();
    private final Map<String, Callback> unanswered = new LinkedHashMap<>();
    private final List<Map<String, Object>> slow = new ArrayList<>();
    private volatile Running running;
    private volatile boolean destroyed;
    private volatile Engine engine;
    private long calls;
    private long delivered;
    private boolean held;

    Instance(Phone phone, String name) {
        this.phone = phone;
        this.name = name;
        this.thread = phone.thread("js-" + name);
    }

    // What modules see of it.

    @Override
    public String getInstanceId() {
        return name;
    }

    @Override
    public Context getContext() {
        return phone.activity();
    }

    @Override
    public Context getOriginalContext() {
        return phone.activity();
    }

    @Override
    public boolean isDestroy() {
        return destroyed;
    }

    @Override
    public void runOnUiThread(Runnable action) {
        phone.onMain(action);
    }

    @Override
    public void fireGlobalEventCallback(String event, Map<String, Object> params) {
        if (destroyed) {
            return;
        }
        Map<String, Object> fired = new LinkedHashMap<>();
        fired.put("name", event);
        fired.put("params", params);
        Engine engine = this.engine;
        if (engine != null) {
            post(() -> engine.run("fired", Driver.text(fired)));
        } else {
            fired.put("page", name);
            phone.driver().say("event", fired);
        }
    }

    // What the runtime does with it.

    /** Runs something on the JavaScript thread. */
    void post(Runnable work) {
        thread.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error error) {
                phone.fault("a fault of the host in " + name, error);
            }
        });
    }

    void engine(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    /** Calls a method, on the JavaScript thread. Gives what a synchronous one returned, as JSON; null is undefined. */
    String call(String module, String method, JSONArray args, JSONArray functions) {
        ModuleClass found = phone.module(module);
        ModuleClass.Exported exported = found == null ? null : found.method(method);
        if (destroyed) {
            return null;
        }
        if (exported == null) {
            violation("there is no " + module + "." + method);
            return null;
        }
        calls++;
        phone.called(name, module, method);
        UniModule object = object(found);
        Times.Call timed = times() == null ? null : times().call(method);
        Object[] bound;
        try {
            bound = ArgBinder.bind(exported.method().getGenericParameterTypes(), args, (id, at) -> {
                Callback callback = new Callback(this, id, method, functions.contains(at), timed);
                if (functions.contains(at)) {
                    owe(callback);
                }
                return callback;
            });
            oweMisplaced(exported, args, functions);
        } catch (ArgBinder.Mismatch mismatch) {
            if (exported.method().getParameterTypes()[mismatch.at] == UniJSCallback.class) {
                phone.driver().log("info", method + ": " + mismatch.getMessage());
            } else {
                violation(method + ": " + mismatch.getMessage());
            }
            return null;
        }
        if (exported.onMain()) {
            phone.onMain(() -> invoke(object, exported, bound));
            return null;
        }
        if (timed != null) {
            times().entered(timed);
        }
        Running call = new Running(method);
        running = call;
        Object returned = invoke(object, exported, bound);
        long took = call.ms();
        running = null;
        if (timed != null) {
            times().left(timed);
        }
        blame(call, took);
        if (took > SLOW_MS) {
            synchronized (this) {
                slow.add(Map.of("method", method, "ms", took));
            }
        }
        return exported.method().getReturnType() == void.class ? null : Driver.text(returned);
    }

    /** Says of a call, once, that it holds the thread for too long: while it does if the phone looks in time, else behind it. */
    void blame(Running call, long ms) {
        if (ms > TOO_SLOW_MS && call.blamed.compareAndSet(false, true)) {
            violation(call.method + " holds the JavaScript thread for more than " + TOO_SLOW_MS + " ms");
        }
    }

    private UniModule object(ModuleClass found) {
        return modules.computeIfAbsent(found.name, unused -> {
            try {
                UniModule object = found.make();
                object.mUniSDKInstance = this;
                object.mWXSDKInstance = this;
                object.setModuleName(found.name);
                return object;
            } catch (ReflectiveOperationException error) {
                throw new IllegalStateException(found.name + " cannot be made", error);
            }
        });
    }

    private Object invoke(UniModule object, ModuleClass.Exported exported, Object[] bound) {
        try {
            return exported.method().invoke(object, bound);
        } catch (InvocationTargetException error) {
            // The runtime logs it, and JavaScript sees undefined.
            phone.fault(exported.name() + " threw", error.getCause());
            return null;
        } catch (IllegalAccessException | IllegalArgumentException error) {
            phone.fault(exported.name() + " cannot be called", error);
            return null;
        }
    }

    /** A function where the method has something else than a callback is never invoked. */
    private void oweMisplaced(ModuleClass.Exported exported, JSONArray args, JSONArray functions) {
        Class<?>[] types = exported.method().getParameterTypes();
        for (int at = 0; at < Math.min(types.length, args.size()); at++) {
            if (functions.contains(at) && types[at] != UniJSCallback.class) {
                owe(new Callback(this, args.getString(at), exported.name(), true, null));
            }
        }
    }

    private synchronized void owe(Callback callback) {
        unanswered.put(callback.id, callback);
    }

    synchronized void isAnswered(Callback callback) {
        unanswered.remove(callback.id);
    }

    /** Hands data to a function of JavaScript. Called from any thread; JavaScript hears it on its own. */
    synchronized void deliver(String id, String json, boolean keep) {
        if (destroyed) {
            return;
        }
        delivered++;
        Engine engine = this.engine;
        if (engine != null) {
            String invoked = "{\"id\":" + Driver.text(id) + ",\"keep\":" + keep + ",\"data\":" + json + "}";
            post(() -> engine.run("invoked", invoked));
        } else {
            phone.driver().callback(name, id, json, keep);
        }
    }

    /** Tells every module object something, on the main thread. */
    void tell(Consumer<UniModule> what) {
        post(() -> {
            List<UniModule> objects = List.copyOf(modules.values());
            phone.onMain(() -> objects.forEach(what));
        });
    }

    /** Ends it; {@code after} runs when nothing of it will be heard any more. */
    void destroy(Runnable after) {
        post(() -> {
            List<UniModule> objects = List.copyOf(modules.values());
            modules.clear();
            if (engine != null) {
                engine.close();
            }
            synchronized (this) {
                destroyed = true;
                notifyAll();
            }
            phone.onMain(() -> {
                for (UniModule object : objects) {
                    object.onActivityDestroy();
                    if (object instanceof UniDestroyableModule destroyable) {
                        destroyable.destroy();
                    }
                }
                after.run();
                thread.shutdown();
            });
        });
    }

    /** Whoever invokes a callback of it waits, or no longer. */
    synchronized void hold(boolean held) {
        this.held = held;
        notifyAll();
    }

    /** Where who invokes a callback waits while it is held. */
    synchronized void pass() {
        while (held && !destroyed) {
            try {
                wait();
            } catch (InterruptedException error) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What is measured; null when nobody does. */
    Times times() {
        return phone.times();
    }

    void violation(String sentence) {
        phone.driver().violation(sentence + " (" + name + ")");
    }

    /** The call that holds the JavaScript thread, if one does. */
    Running running() {
        return running;
    }

    synchronized void addTo(JSONObject stats) {
        stats.put("calls", stats.getLongValue("calls") + calls);
        stats.put("callbacks", stats.getLongValue("callbacks") + delivered);
        for (Callback callback : unanswered.values()) {
            stats.getJSONArray("unanswered").add(Map.of("page", name, "id", callback.id, "method", callback.method));
        }
        stats.getJSONArray("slow").addAll(slow);
    }
}
