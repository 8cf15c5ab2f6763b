package io.dcloud.feature.uniapp;

import android.content.Context;
import android.view.View;
import com.taobao.weex.IWXActivityStateListener;
import com.taobao.weex.common.WXModule;
import java.util.Map;

/** A JavaScript instance as modules see it. */
public interface AbsSDKInstance extends IWXActivityStateListener, View.OnLayoutChangeListener {
    Context getContext();

    Context getOriginalContext();

    String getInstanceId();

    void fireGlobalEventCallback(String event, Map<String, Object> params);

    void fireModuleEvent(String event, WXModule module, Map<String, Object> params);

    void runOnUiThread(Runnable action);

    boolean isDestroy();

    String getBundleUrl();
}
