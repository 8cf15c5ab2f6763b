package im.whinchat.uniapp.host;

import android.app.Activity;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import io.dcloud.feature.uniapp.UniAppHookProxy;
import io.dcloud.weex.AppHookProxy;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The process as an app with one plugin: the plugin's classes, the main thread, the JavaScript instances. */
final class Phone {
    private static final long LOOK_EVERY_MS = 100;

    private final Driver driver;
    private final Map<String, ModuleClass> modules = new LinkedHashMap<>();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final ExecutorService main = thread("main");
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "clock"));
    /** Kept, or its handler goes with it. */
    private final Logger log = Logger.getLogger("android");
    private World world;
    private boolean traced;
    private Times times;

    Phone(Driver driver) {
        this.driver = driver;
    }

    /** Does what the app's start does; gives what {@code ready} says. */
    JSONObject start(JSONObject line) throws IOException, Refused {
        times = line.getBooleanValue("timed") ? new Times() : null;
        log.setUseParentHandlers(false);
        log.setLevel(Level.ALL);
        log.addHandler(new ToDriver());
        PluginPackage plugin = PluginPackage.read(Path.of(line.getString("package")));
        for (Map.Entry<String, Class<?>> module : plugin.modules().entrySet()) {
            modules.put(module.getKey(), ModuleClass.of(module.getKey(), module.getValue(), plugin.id()));
        }
        traced = line.getBooleanValue("trace");
        String platform = line.getString("platform");
        Map<String, String> manifest = new HashMap<>();
        JSONObject parameters = line.getJSONObject("parameters");
        if (parameters != null) {
            parameters.forEach((key, value) -> manifest.put(key, String.valueOf(value)));
        }
        if (line.getString("server") != null && plugin.manifestKey("server") != null) {
            manifest.put(plugin.manifestKey("server"), line.getString("server"));
        }
        if (!List.of("android", "tablet").contains(platform)) {
            manifest.put("im.whinchat.platform", platform);
        }
        world = new World(new File(line.getString("documents")), "tablet".equals(platform), manifest);
        hook(plugin.hook());
        onMain(() -> world.show(true));
        clock.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        JSONArray plugins = new JSONArray();
        for (ModuleClass module : modules.values()) {
            plugins.add(Map.of("name", module.name, "methods", module.methods()));
        }
        JSONObject ready = new JSONObject();
        ready.put("host", "jvm");
        ready.put("engine", true);
        ready.put("times", times != null);
        ready.put("plugins", plugins);
        return ready;
    }

    private void hook(Class<?> hook) throws Refused {
        if (hook == null) {
            return;
        }
        if (!UniAppHookProxy.class.isAssignableFrom(hook)) {
            throw new Refused(hook.getName() + " is no UniAppHookProxy");
        }
        try {
            AppHookProxy made = (AppHookProxy) hook.getConstructor().newInstance();
            onMain(() -> made.onCreate(world));
        } catch (ReflectiveOperationException error) {
            throw new Refused(hook.getName() + " cannot be made: " + error);
        }
    }

    Driver driver() {
        return driver;
    }

    /** A call has reached the plugin. */
    void called(String page, String module, String method) {
        if (traced) {
            driver.say("called", Map.of("page", page, "module", module, "method", method));
        }
    }

    /** What is measured; null when nobody does. */
    Times times() {
        return times;
    }

    Activity activity() {
        return world.activity();
    }

    ModuleClass module(String name) {
        return modules.get(name);
    }

    /** The instance of this name, made if it is new. */
    synchronized Instance instance(String name) {
        return instances.computeIfAbsent(name, unused -> new Instance(this, name));
    }

    void destroy(String name, Runnable after) {
        Instance instance;
        synchronized (this) {
            instance = instances.remove(name);
        }
        if (instance == null) {
            after.run();
        } else {
            instance.destroy(after);
        }
    }

    synchronized List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    void onMain(Runnable work) {
        main.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error error) {
                fault("something on the main thread threw", error);
            }
        });
    }

    /** Runs something later, on the clock's thread. */
    void after(long ms, Runnable work) {
        clock.schedule(work, ms, TimeUnit.MILLISECONDS);
    }

    void lifecycle(String event) {
        switch (event) {
            case "foreground" -> {
                onMain(() -> world.show(true));
                instances().forEach(instance -> instance.tell(module -> module.onActivityResume()));
            }
            case "background" -> {
                instances().forEach(instance -> instance.tell(module -> module.onActivityPause()));
                onMain(() -> world.show(false));
            }
            case "network" -> onMain(world::changeNetwork);
            default -> driver.violation("there is no " + event + " in an app's life");
        }
    }

    JSONObject stats() {
        JSONObject stats = new JSONObject();
        stats.put("unanswered", new JSONArray());
        stats.put("slow", new JSONArray());
        stats.put("calls", 0L);
        stats.put("callbacks", 0L);
        instances().forEach(instance -> instance.addTo(stats));
        return stats;
    }

    /** The runtime swallows what a plugin throws; here it is a fault, with its trace in the log. */
    void fault(String what, Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        driver.log("error", trace.toString());
        driver.violation(what + ": " + error);
    }

    /** Looks who holds the JavaScript thread. */
    private void look() {
        for (Instance instance : instances()) {
            Instance.Running running = instance.running();
            if (running != null) {
                instance.blame(running, running.ms());
            }
        }
    }

    ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(work -> daemon(work, name));
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The system's log. */
    private final class ToDriver extends Handler {
        @Override
        public void publish(LogRecord record) {
            int level = record.getLevel().intValue();
            driver.log(level >= Level.SEVERE.intValue() ? "error" : level >= Level.WARNING.intValue() ? "warn" : "info", record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
