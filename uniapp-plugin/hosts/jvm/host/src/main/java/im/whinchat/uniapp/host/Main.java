package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONException;
import com.alibaba.fastjson.JSONObject;
import com.alibaba.fastjson.parser.Feature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A phone that a driver leads by lines of JSON (../../driver/README.md). */
public final class Main {
    private final Driver driver;
    private final Phone phone;

    private Main(Driver driver) {
        this.driver = driver;
        this.phone = new Phone(driver);
    }

    /** Reads lines from stdin until there are none. With {@code --warm} it loads what a phone does and ends. */
    public static void main(String[] args) throws IOException {
        if (List.of(args).contains("--warm")) {
            warm();
            return;
        }
        PrintStream out = System.out;
        // Whatever else prints must not look like a line of the protocol.
        System.setOut(System.err);
        Main main = new Main(new Driver(out));
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                main.take(line);
            }
        }
        end(0);
    }

    private static void warm() {
        Engine engine = new GraalEngine((kind, text) -> null);
        engine.evaluate("warm.js", "__runtime = { warm: async text => { await null; __native('say', JSON.stringify(JSON.parse(text))) } }");
        engine.run("warm", Driver.text(JSON.parseObject("{\"a\":[1,2.5,\"b\",null,true]}", Feature.DisableSpecialKeyDetect)));
        engine.close();
    }

    private static void end(int code) {
        // A process that the system ends has no time for more either.
        Runtime.getRuntime().halt(code);
    }

    private void take(String text) {
        JSONObject line;
        try {
            line = JSON.parseObject(text, Feature.DisableSpecialKeyDetect);
        } catch (JSONException error) {
            driver.violation("the driver sent a line that is no JSON: " + error.getMessage());
            return;
        }
        switch (String.valueOf(line.getString("do"))) {
            case "start" -> start(line);
            case "call" -> {
                Instance instance = phone.instance(line.getString("page"));
                instance.post(() -> instance.call(line.getString("module"), line.getString("method"), line.getJSONArray("args"), line.getJSONArray("callbacks")));
            }
            case "destroyPage" -> phone.destroy(line.getString("page"), () -> driver.say("destroyed", line.getString("page")));
            case "lifecycle" -> phone.lifecycle(line.getString("event"));
            case "stats" -> driver.say("stats", phone.stats());
            case "hold", "release" -> phone.instance(line.getString("page")).hold("hold".equals(line.getString("do")));
            case "times" -> driver.say("times", phone.times() == null ? null : phone.times().take());
            case "script", "load" -> Page.begin(phone, line);
            case "answer" -> toScript("answered", text);
            case "from" -> toScript("invoked", text);
            case "event" -> toScript("fired", text);
            case "quit" -> quit();
            default -> { }
        }
    }

    private void start(JSONObject line) {
        try {
            driver.say("ready", phone.start(line));
        } catch (IOException | Refused error) {
            driver.say("failed", error instanceof Refused ? error.getMessage() : error.toString());
            end(1);
        }
    }

    /** There is one instance with an engine. */
    private void toScript(String function, String text) {
        for (Instance instance : phone.instances()) {
            if (instance.engine() != null) {
                instance.post(() -> instance.engine().run(function, text));
            }
        }
    }

    private void quit() {
        var left = phone.instances();
        CountDownLatch gone = new CountDownLatch(left.size());
        left.forEach(instance -> phone.destroy(instance.getInstanceId(), gone::countDown));
        new Thread(() -> {
            try {
                gone.await();
            } catch (InterruptedException error) {
                Thread.currentThread().interrupt();
            }
            driver.say("bye", true);
            end(0);
        }, "end").start();
    }
}
