package android.util;

public final class Log {
    public static final int WARN = 5;

    private Log() {
        throw new UnsupportedOperationException("stub");
    }

    public static int println(int priority, String tag, String message) {
        throw new UnsupportedOperationException("stub");
    }
}
