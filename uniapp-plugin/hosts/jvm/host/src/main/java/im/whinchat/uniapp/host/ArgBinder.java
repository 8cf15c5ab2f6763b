package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import io.dcloud.feature.uniapp.bridge.UniJSCallback;
import java.lang.reflect.Type;
import java.util.List;

/** What becomes of an argument, by the type that the method declares. */
final class ArgBinder {
    private ArgBinder() {}

    /** Makes a callback of an id; {@code at} is the place of the argument. */
    interface Callbacks {
        UniJSCallback of(String id, int at);
    }

    static Object[] bind(Type[] declared, List<Object> given, Callbacks callbacks) throws Mismatch {
        Object[] bound = new Object[declared.length];
        for (int at = 0; at < declared.length; at++) {
            if (at < given.size()) {
                bound[at] = one(declared[at], given.get(at), at, callbacks);
            } else if (declared[at] instanceof Class<?> type && type.isPrimitive()) {
                throw new Mismatch(at, "a missing argument cannot be a " + type);
            }
        }
        return bound;
    }

    private static Object one(Type declared, Object given, int at, Callbacks callbacks) throws Mismatch {
        try {
            if (declared == UniJSCallback.class) {
                if (given instanceof String id) {
                    return callbacks.of(id, at);
                }
                throw new Mismatch(at, "Parameter type not match: a function is expected");
            }
            if (given == null || declared instanceof Class<?> type && type.isInstance(given)) {
                return given;
            }
            String text = given instanceof String string ? string : JSON.toJSONString(given);
            if (declared == String.class) {
                return text;
            }
            if (declared == JSONObject.class) {
                return JSON.parseObject(text);
            }
            if (declared == JSONArray.class) {
                return JSON.parseArray(text);
            }
            return JSON.parseObject(text, declared);
        } catch (RuntimeException error) {
            throw new Mismatch(at, "Parameter type not match: " + error);
        }
    }

    /** An argument that the method cannot be given; the runtime does not call it then. */
    static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;

        /** The place of the argument. */
        final int at;

        Mismatch(int at, String sentence) {
            super("argument " + (at + 1) + ": " + sentence);
            this.at = at;
        }
    }
}
