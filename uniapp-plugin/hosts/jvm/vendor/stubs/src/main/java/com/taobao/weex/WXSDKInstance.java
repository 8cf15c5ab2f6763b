package com.taobao.weex;

import android.content.Context;
import android.view.View;
import com.taobao.weex.common.WXModule;
import io.dcloud.feature.uniapp.AbsSDKInstance;
import java.util.Map;

public class WXSDKInstance implements AbsSDKInstance {
    @Override
    public Context getContext() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public Context getOriginalContext() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public String getInstanceId() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public void fireGlobalEventCallback(String event, Map<String, Object> params) {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public void fireModuleEvent(String event, WXModule module, Map<String, Object> params) {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public void runOnUiThread(Runnable action) {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public boolean isDestroy() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public String getBundleUrl() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public void onLayoutChange(View view, int left, int top, int right, int bottom, int oldLeft, int oldTop, int oldRight, int oldBottom) {
        throw new UnsupportedOperationException("stub");
    }
}
