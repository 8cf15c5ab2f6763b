package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import com.alibaba.fastjson.parser.Feature;

/** A JavaScript instance with a JavaScript engine in it: what its scripts want of the host. */
final class Page {
    private final Phone phone;
    private final Instance instance;

    private Page(Phone phone, Instance instance) {
        this.phone = phone;
        this.instance = instance;
    }

    /** Begins a script, or ready-made ones, as the driver's line says. */
    static void begin(Phone phone, JSONObject line) {
        Instance instance = phone.instance(line.getString("page"));
        Page page = new Page(phone, instance);
        instance.post(() -> page.begin(line));
    }

    private void begin(JSONObject line) {
        Engine engine = new GraalEngine(this::answer);
        instance.engine(engine);
        JSONArray prelude = line.getJSONArray("prelude");
        for (int index = 0; index < prelude.size(); index++) {
            evaluate(engine, prelude.getJSONObject(index));
            if (index == 0) {
                engine.run("begin", Driver.text(line.get("given")));
            }
        }
        JSONArray scripts = line.getJSONArray("scripts");
        if (scripts == null) {
            JSONObject script = new JSONObject();
            script.put("name", line.get("name"));
            script.put("source", line.get("source"));
            engine.run("run", Driver.text(script));
            return;
        }
        for (int index = 0; index < scripts.size(); index++) {
            evaluate(engine, scripts.getJSONObject(index));
        }
        phone.driver().say("loaded", instance.getInstanceId());
    }

    private static void evaluate(Engine engine, JSONObject script) {
        engine.evaluate(script.getString("name"), script.getString("source"));
    }

    /** What a script asks of the host. */
    private String answer(String kind, String text) {
        switch (kind) {
            case "say" -> phone.driver().line(text);
            case "console" -> phone.driver().line("{\"console\":" + text + "}");
            case "timer" -> {
                JSONObject timer = JSON.parseObject(text);
                String id = timer.getString("id");
                phone.after(timer.getLongValue("ms"), () -> instance.post(() -> {
                    if (!instance.isDestroy()) {
                        instance.engine().run("timer", id);
                    }
                }));
            }
            case "call" -> {
                JSONObject call = JSON.parseObject(text, Feature.DisableSpecialKeyDetect);
                return instance.call(call.getString("module"), call.getString("method"), call.getJSONArray("args"), call.getJSONArray("callbacks"));
            }
            default -> phone.driver().violation("a script asked the host for " + kind);
        }
        return null;
    }
}
