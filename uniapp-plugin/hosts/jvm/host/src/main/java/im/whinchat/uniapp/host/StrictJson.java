package im.whinchat.uniapp.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a text is JSON and nothing more: fastjson also reads comments and other quotes, and packagers do not. */
final class StrictJson {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\"");
    private static final Pattern OTHER = Pattern.compile("true|false|null|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
    private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]*");

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    /** Where it stops being JSON; -1 for nowhere. */
    static int fault(String text) {
        StrictJson json = new StrictJson(text);
        return json.value() && json.at == text.length() ? -1 : json.at;
    }

    private boolean value() {
        take(SPACE);
        boolean good = is('{') ? items('}', true) : is('[') ? items(']', false) : take(STRING) || take(OTHER);
        take(SPACE);
        return good;
    }

    private boolean items(char end, boolean named) {
        at++;
        take(SPACE);
        if (next(end)) {
            return true;
        }
        do {
            take(SPACE);
            if (named && !(take(STRING) && take(SPACE) && next(':'))) {
                return false;
            }
            if (!value()) {
                return false;
            }
        } while (next(','));
        return next(end);
    }

    private boolean is(char wanted) {
        return at < text.length() && text.charAt(at) == wanted;
    }

    private boolean next(char wanted) {
        boolean there = is(wanted);
        at += there ? 1 : 0;
        return there;
    }

    private boolean take(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        boolean there = matcher.lookingAt();
        at = there ? matcher.end() : at;
        return there;
    }
}
