package com.taobao.weex;

import android.content.Context;
import android.view.View;
import com.taobao.weex.common.WXModule;
import io.dcloud.feature.uniapp.AbsSDKInstance;
import java.util.Map;

public class WXSDKInstance implements AbsSDKInstance {
    @Override
    public Context getContext() {
        return null;
    }

    @Override
    public Context getOriginalContext() {
        return null;
    }

    @Override
    public String getInstanceId() {
        return "";
    }

    @Override
    public void fireGlobalEventCallback(String event, Map<String, Object> params) {}

    @Override
    public void fireModuleEvent(String event, WXModule module, Map<String, Object> params) {}

    @Override
    public void runOnUiThread(Runnable action) {
        action.run();
    }

    @Override
    public boolean isDestroy() {
        return false;
    }

    @Override
    public String getBundleUrl() {
        return "";
    }

    @Override
    public void onLayoutChange(View view, int left, int top, int right, int bottom, int oldLeft, int oldTop, int oldRight, int oldBottom) {}
}
