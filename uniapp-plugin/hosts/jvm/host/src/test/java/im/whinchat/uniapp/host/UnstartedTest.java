package im.whinchat.uniapp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import android.content.Context;
import com.alibaba.fastjson.JSONObject;
import im.whinchat.uniapp.WhinchatModule;
import io.dcloud.feature.uniapp.UniSDKInstance;
import io.dcloud.feature.uniapp.bridge.UniJSCallback;
import java.io.File;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell where the core cannot be had: every call is answered, with a sentence that says why. */
class UnstartedTest {
    /** A JavaScript instance of an app that is, or of one whose activity is gone. */
    private static final class Service extends UniSDKInstance {
        private final String id;
        private final Context app;

        Service(String id, Context app) {
            this.id = id;
            this.app = app;
        }

        @Override
        public String getInstanceId() {
            return id;
        }

        @Override
        public Context getContext() {
            return app;
        }

        @Override
        public boolean isDestroy() {
            return false;
        }
    }

    private static final class Answers implements UniJSCallback {
        private final BlockingQueue<JSONObject> came = new LinkedBlockingQueue<>();

        @Override
        public void invoke(Object data) {
            came.add((JSONObject) JSONObject.toJSON(data));
        }

        @Override
        public void invokeAndKeepAlive(Object data) {
            throw new AssertionError("nobody listens to " + data);
        }

        String failure() throws InterruptedException {
            JSONObject answer = came.poll(20, TimeUnit.SECONDS);
            assertEquals(7012, answer.getIntValue("code"), answer.toString());
            assertEquals(false, answer.getBoolean("status"));
            return answer.getString("msg");
        }
    }

    private static WhinchatModule module(String id, Context app) {
        WhinchatModule module = new WhinchatModule();
        module.mUniSDKInstance = new Service(id, app);
        return module;
    }

    @Test
    void every_call_is_answered_once_also_those_that_came_before_it_was_known(@TempDir File folder) throws InterruptedException {
        Answers answers = new Answers();
        WhinchatModule early = module("early", null);
        early.init("{}", answers);
        assertTrue(answers.failure().contains("hooksClass did not run"));
        early.getVersion("{}", answers);
        assertTrue(answers.failure().contains("hooksClass did not run"));

        World app = new World(folder, false, Map.of());
        // Nothing tells this JVM where the library is.
        WhinchatModule module = module("service", app);
        module.init("{}", answers);
        module.setAdvancedMsgListener("{}", answers);
        module.removeAdvancedMsgListener("{}", answers);
        module.destroy("{}", answers);
        for (int call = 0; call < 4; call++) {
            assertTrue(answers.failure().contains("no whinchat in java.library.path"));
        }
        module.getVersion(null, answers);
        answers.failure();
        module.getVersion("{}", null);
        module.onActivityDestroy();
        assertEquals(0, answers.came.size());
    }
}
