package im.whinchat.uniapp.host;

import io.dcloud.feature.uniapp.bridge.UniJSCallback;
import java.util.List;
import java.util.Map;

/** A function of JavaScript in the hands of a module. */
final class Callback implements UniJSCallback {
    private static final long EXACT = 1L << 53;

    private final Instance instance;
    final String id;
    final String method;
    /** Whether the id is a function's; JavaScript may pass null or a text in its place. */
    private final boolean isFunction;
    /** Its call, if somebody measures. */
    private final Times.Call timed;
    private boolean over;
    private boolean answered;

    Callback(Instance instance, String id, String method, boolean isFunction, Times.Call timed) {
        this.instance = instance;
        this.id = id;
        this.method = method;
        this.isFunction = isFunction;
        this.timed = timed;
    }

    @Override
    public void invoke(Object data) {
        take(data, false);
    }

    @Override
    public void invokeAndKeepAlive(Object data) {
        take(data, true);
    }

    private synchronized void take(Object data, boolean keep) {
        instance.pass();
        if (timed != null) {
            instance.times().invoked(timed, keep);
        }
        if (!isFunction) {
            return;
        }
        if (over && !instance.isDestroy()) {
            instance.violation(method + ": the callback " + id + " was invoked after its last invocation");
            return;
        }
        over = !keep;
        if (!answered) {
            answered = true;
            instance.isAnswered(this);
        }
        String wrong = foreign(data);
        if (wrong != null) {
            instance.violation(method + ": the callback " + id + " was given " + wrong + ", which JavaScript cannot be given");
            return;
        }
        instance.deliver(id, Driver.text(data), keep);
    }

    /** What of it the runtime does not take across; null when all is well. */
    private static String foreign(Object data) {
        if (data == null || data instanceof String || data instanceof Boolean || data instanceof Integer || data instanceof Double) {
            return null;
        }
        if (data instanceof Number number) {
            return Math.abs(number.doubleValue()) > EXACT ? "the number " + number : null;
        }
        Iterable<?> parts = data instanceof Map<?, ?> map ? map.values() : data instanceof List<?> list ? list : null;
        if (parts == null) {
            return "a " + data.getClass().getName();
        }
        for (Object part : parts) {
            String wrong = foreign(part);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }
}
