package im.whinchat.uniapp.host;

import java.util.function.BiFunction;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/** GraalJS. Nothing of Java is visible to it but the one function. */
final class GraalEngine implements Engine {
    private final Context context;

    /** {@code native} is what scripts call {@code __native}: a kind and a text; a null that it gives is undefined. */
    GraalEngine(BiFunction<String, String, String> natives) {
        context = Context.newBuilder("js")
                .allowHostAccess(HostAccess.NONE)
                // Without a compiler for it, Java 17 interprets; it would say so each time.
                .option("engine.WarnInterpreterOnly", "false")
                .option("js.unhandled-rejections", "handler")
                .allowExperimentalOptions(true)
                .build();
        ProxyExecutable function = args -> natives.apply(args[0].asString(), args[1].asString());
        context.getBindings("js").putMember("__native", function);
        context.eval("js", "__native = (native => (kind, text) => native(kind, text) ?? undefined)(__native)");
        context.eval("js", "Graal.setUnhandledPromiseRejectionHandler(error => __runtime.rejected(error))");
    }

    @Override
    public void evaluate(String name, String source) {
        try {
            context.eval(Source.newBuilder("js", source, name).buildLiteral());
        } catch (PolyglotException error) {
            blame(error);
        }
    }

    @Override
    public void run(String function, String text) {
        try {
            runtime().invokeMember(function, text);
        } catch (PolyglotException error) {
            blame(error);
        }
    }

    private void blame(PolyglotException error) {
        Value runtime = runtime();
        Object thrown = error.getGuestObject();
        if (runtime == null || error.isInternalError()) {
            throw error;
        }
        runtime.invokeMember("rejected", thrown == null ? error.getMessage() : thrown);
    }

    private Value runtime() {
        return context.getBindings("js").getMember("__runtime");
    }

    @Override
    public void close() {
        context.close(true);
    }
}
