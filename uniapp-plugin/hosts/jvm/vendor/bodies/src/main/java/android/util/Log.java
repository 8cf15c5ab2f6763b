package android.util;

import java.util.logging.Level;
import java.util.logging.Logger;

public final class Log {
    public static final int WARN = 5;

    private Log() {}

    public static int println(int priority, String tag, String message) {
        Level level = priority >= 6 ? Level.SEVERE : priority == 5 ? Level.WARNING : Level.INFO;
        Logger.getLogger("android").log(level, tag + ": " + message);
        return 0;
    }
}
