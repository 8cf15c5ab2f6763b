package im.whinchat.uniapp.host;

/** A JavaScript context, used on its instance's thread alone. Everything crosses as text. */
interface Engine {
    /** Evaluates a script. What it throws goes to {@code __runtime.rejected}, if that is there. */
    void evaluate(String name, String source);

    /** Calls {@code __runtime.<function>(text)}. */
    void run(String function, String text);

    void close();
}
