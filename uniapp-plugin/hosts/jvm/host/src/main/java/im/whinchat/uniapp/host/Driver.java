package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.serializer.SerializerFeature;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The way to the driver: a line of JSON for each thing that is said (../../driver/README.md). */
final class Driver {
    private final PrintStream out;

    Driver(OutputStream out) {
        this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    }

    /** A line with one key. */
    void say(String kind, Object what) {
        line("{" + JSON.toJSONString(kind) + ":" + text(what) + "}");
    }

    /** A callback of a page was invoked. */
    void callback(String page, String id, String data, boolean keep) {
        line("{\"callback\":{\"page\":" + text(page) + ",\"id\":" + text(id) + ",\"keep\":" + keep + ",\"data\":" + data + "}}");
    }

    /** The plugin broke a rule. */
    void violation(String sentence) {
        say("violation", sentence);
    }

    /** Something for the log. */
    void log(String level, String text) {
        say("log", Map.of("level", level, "text", text));
    }

    /** A line that is JSON already. */
    synchronized void line(String json) {
        out.print(json + "\n");
        out.flush();
    }

    /** JSON as JavaScript gets it. */
    static String text(Object value) {
        return JSON.toJSONString(value, SerializerFeature.WriteMapNullValue);
    }
}
