package im.whinchat.uniapp.host;

/** What a packager, or the runtime at its start, would refuse. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
        super(sentence);
    }
}
