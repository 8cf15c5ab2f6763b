package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import java.util.ArrayList;
import java.util.List;

/** When methods were entered and left, and when their callbacks were invoked; in microseconds on one clock, for who measures. */
final class Times {
    private static final double NANOS = 1_000;

    /** A call of a method. */
    static final class Call {
        private final String method;
        private long entered;
        private long left;
        private long answered;

        private Call(String method) {
            this.method = method;
        }
    }

    private final long began = System.nanoTime();
    private final List<Call> calls = new ArrayList<>();
    private final List<Long> events = new ArrayList<>();

    /** A method is going to be called. */
    Call call(String method) {
        return new Call(method);
    }

    /** It is about to be entered. */
    synchronized void entered(Call call) {
        call.entered = System.nanoTime();
    }

    /** It has returned. */
    synchronized void left(Call call) {
        call.left = System.nanoTime();
        calls.add(call);
    }

    /** Its callback is invoked; with {@code keep} as a listener. */
    synchronized void invoked(Call call, boolean keep) {
        long now = System.nanoTime();
        if (keep) {
            events.add(now);
        } else {
            call.answered = now;
        }
    }

    /** What was measured, which is forgotten: calls in the order of their end, moments of events. */
    synchronized JSONObject take() {
        JSONArray rows = new JSONArray();
        for (Call call : calls) {
            JSONObject row = new JSONObject();
            row.put("method", call.method);
            row.put("entered", since(call.entered));
            row.put("left", since(call.left));
            if (call.answered != 0) {
                row.put("answered", since(call.answered));
            }
            rows.add(row);
        }
        JSONObject taken = new JSONObject();
        taken.put("calls", rows);
        taken.put("events", events.stream().map(this::since).toList());
        calls.clear();
        events.clear();
        return taken;
    }

    private double since(long nanos) {
        return (nanos - began) / NANOS;
    }
}
