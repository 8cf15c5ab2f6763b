package im.whinchat.uniapp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import io.dcloud.feature.uniapp.annotation.UniJSMethod;
import io.dcloud.feature.uniapp.bridge.UniJSCallback;
import io.dcloud.feature.uniapp.common.UniModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host: what it refuses, how it binds, and what it sees of modules that break rules. */
class HostTest {
    /** Modules that do what they must not. */
    public static class Rude extends UniModule {
        @UniJSMethod(uiThread = false)
        public void twice(UniJSCallback callback) {
            callback.invoke("once");
            callback.invoke("twice");
        }

        @UniJSMethod(uiThread = false)
        public void keeps(UniJSCallback callback) {
            callback.invokeAndKeepAlive(1);
            callback.invokeAndKeepAlive(2);
            callback.invoke(3);
        }

        @UniJSMethod(uiThread = false)
        public void bean(UniJSCallback callback) {
            callback.invoke(Map.of("bean", new Object()));
        }

        @UniJSMethod(uiThread = false)
        public void large(UniJSCallback callback) {
            callback.invoke(1L << 60);
        }

        @UniJSMethod(uiThread = false)
        public void throwing(UniJSCallback callback) {
            throw new IllegalStateException("on purpose");
        }

        @UniJSMethod(uiThread = false)
        public void primitive(String text, int number) {}

        @UniJSMethod(uiThread = false)
        public void slow() throws InterruptedException {
            Thread.sleep(1_300);
        }

        @UniJSMethod(uiThread = false, alias = "version")
        public String getVersion() {
            return "1";
        }

        @UniJSMethod
        public void never(String options, UniJSCallback callback) {}
    }

    /** Two methods of one name. */
    public static class Overloaded extends UniModule {
        @UniJSMethod
        public void call(String options) {}

        @UniJSMethod
        public void call(String options, UniJSCallback callback) {}
    }

    /** One that the runtime cannot make. */
    public static class Wanting extends UniModule {
        public Wanting(String something) {
            assert something != null;
        }
    }

    private static Object bind(Class<?> declared, String json) throws ArgBinder.Mismatch {
        JSONArray args = JSON.parseArray("[" + json + "]");
        return ArgBinder.bind(new Type[] {declared}, args, (id, at) -> null)[0];
    }

    @Test
    void an_argument_becomes_what_the_method_declares() throws ArgBinder.Mismatch {
        assertEquals("{\"a\":1}", bind(String.class, "{\"a\":1}"));
        assertEquals("[1,\"b\"]", bind(String.class, "[1,\"b\"]"));
        assertEquals("7", bind(String.class, "7"));
        assertEquals("true", bind(String.class, "true"));
        assertEquals("", bind(String.class, "\"\""));
        assertNull(bind(String.class, ""));
        assertEquals(JSON.parseObject("{\"a\":1}"), bind(JSONObject.class, "{\"a\":1}"));
        assertEquals(JSON.parseObject("{\"a\":1}"), bind(JSONObject.class, "\"{\\\"a\\\":1}\""));
        assertEquals(JSON.parseObject("{\"a\":1}"), bind(Map.class, "{\"a\":1}"));
        assertEquals(List.of(1, 2), bind(List.class, "[1,2]"));
        assertEquals(7L, bind(long.class, "7"));
        assertEquals(7.5, bind(Double.class, "7.5"));
        assertEquals(true, bind(boolean.class, "true"));
        assertThrows(ArgBinder.Mismatch.class, () -> bind(int.class, ""));
        assertThrows(ArgBinder.Mismatch.class, () -> bind(JSONObject.class, "7"));
        assertThrows(ArgBinder.Mismatch.class, () -> bind(UniJSCallback.class, "7"));
        assertThrows(ArgBinder.Mismatch.class, () -> bind(UniJSCallback.class, "{}"));
    }

    @Test
    void what_a_packager_refuses_is_refused(@TempDir Path folder) throws IOException {
        String good = "{'id':'A-B','_dp_nativeplugin':{'android':{'plugins':[{'type':'module','name':'A-B','class':'%s'}]}}}".replace('\'', '"');
        String rude = Rude.class.getName();
        assertEquals("[A-B]", read(folder, good.formatted(rude)));
        assertTrue(read(folder, good.formatted("no.such.Class")).contains("no.such.Class is not in the package"));
        assertTrue(read(folder, "// a comment\n" + good.formatted(rude)).contains("no strict JSON"));
        assertTrue(read(folder, good.formatted(rude).replace('"', '\'')).contains("no strict JSON"));
        assertTrue(read(folder, "{\"id\":\"A-B\"}").contains("has no _dp_nativeplugin.android"));
        String module = "{\"type\":\"module\",\"name\":\"A-B\",\"class\":\"" + rude + "\"}";
        assertTrue(read(folder, good.formatted(rude).replace(module, module + "," + module)).contains("two modules are called A-B"));
        for (Map.Entry<Class<?>, String> bad : Map.of(Overloaded.class, "two methods call", Wanting.class, "no public constructor", String.class, "no UniModule").entrySet()) {
            Refused refused = assertThrows(Refused.class, () -> ModuleClass.of("A-B", bad.getKey(), "A-B"));
            assertTrue(refused.getMessage().contains(bad.getValue()), refused.getMessage());
        }
        assertThrows(Refused.class, () -> ModuleClass.of("B", Rude.class, "A-B"));
    }

    private static String read(Path folder, String description) throws IOException {
        Files.writeString(folder.resolve("package.json"), description);
        try {
            return PluginPackage.read(folder).modules().keySet().toString();
        } catch (Refused refused) {
            return refused.getMessage();
        }
    }

    /** A phone with the rude module, and what the driver is told. */
    private static final class Stage {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Phone phone = new Phone(new Driver(out));

        Stage(Path folder) throws IOException, Refused {
            String description = "{\"id\":\"A\",\"_dp_nativeplugin\":{\"android\":{\"plugins\":[{\"type\":\"module\",\"name\":\"A\",\"class\":\"" + Rude.class.getName() + "\"}]}}}";
            Files.writeString(folder.resolve("package.json"), description);
            JSONObject start = new JSONObject();
            start.put("package", folder.toString());
            start.put("documents", folder.toString());
            start.put("platform", "android");
            phone.start(start);
        }

        String call(String method, Object... args) throws InterruptedException {
            Instance instance = phone.instance("service");
            JSONArray functions = new JSONArray();
            for (int at = 0; at < args.length; at++) {
                if (args[at] instanceof String id && id.startsWith("id")) {
                    functions.add(at);
                }
            }
            String[] returned = new String[1];
            CountDownLatch done = new CountDownLatch(1);
            instance.post(() -> {
                returned[0] = instance.call("A", method, new JSONArray(Arrays.asList(args)), functions);
                done.countDown();
            });
            done.await();
            return returned[0];
        }

        String said() {
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_module_that_breaks_a_rule_is_named(@TempDir Path folder) throws Exception {
        Stage stage = new Stage(folder);
        assertEquals("\"1\"", stage.call("version"));
        for (Map.Entry<String, String> broken : Map.of(
                "twice", "twice: the callback id-twice was invoked after its last invocation",
                "bean", "bean: the callback id-bean was given a java.lang.Object",
                "large", "large: the callback id-large was given the number 1152921504606846976",
                "throwing", "throwing threw: java.lang.IllegalStateException: on purpose",
                "nowhere", "there is no A.nowhere").entrySet()) {
            assertNull(stage.call(broken.getKey(), "id-" + broken.getKey()));
            assertTrue(stage.said().contains("{\"violation\":\"" + broken.getValue()), stage.said());
        }
        stage.call("primitive", "text");
        assertTrue(stage.said().contains("primitive: argument 2: a missing argument cannot be a int"), stage.said());
        stage.call("slow");
        assertTrue(stage.said().contains("slow holds the JavaScript thread for more than 1000 ms"), stage.said());
        // Others may have been slow too, on a busy machine.
        assertTrue(stage.phone.stats().getJSONArray("slow").stream().anyMatch(one -> "slow".equals(((Map<?, ?>) one).get("method"))), "it is among the slow");
    }

    @Test
    void a_callback_lives_until_its_last_invocation_and_its_page(@TempDir Path folder) throws Exception {
        Stage stage = new Stage(folder);
        stage.call("keeps", "id-1");
        assertTrue(stage.said().contains("\"id\":\"id-1\",\"keep\":true,\"data\":1"), stage.said());
        assertTrue(stage.said().contains("\"id\":\"id-1\",\"keep\":false,\"data\":3"), stage.said());
        stage.call("keeps", "no function");
        stage.call("never", "{}", "id-2");
        stage.call("never", "id-3");
        assertEquals(List.of("id-2", "id-3"), unanswered(stage));
        CountDownLatch gone = new CountDownLatch(1);
        stage.phone.destroy("service", gone::countDown);
        gone.await();
        assertEquals(List.of(), unanswered(stage));
        assertTrue(!stage.said().contains("violation") && !stage.said().contains("no function"), stage.said());
    }

    private static List<String> unanswered(Stage stage) {
        return stage.phone.stats().getJSONArray("unanswered").stream().map(one -> (String) ((Map<?, ?>) one).get("id")).toList();
    }
}
