package com.taobao.weex.common;

import android.content.Intent;
import android.view.Menu;
import com.taobao.weex.WXSDKInstance;
import io.dcloud.feature.uniapp.AbsSDKInstance;
import java.util.Map;

public abstract class WXModule implements IWXObject {
    public AbsSDKInstance mUniSDKInstance;
    public WXSDKInstance mWXSDKInstance;

    public void onActivityCreate() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityStart() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityResume() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityPause() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityStop() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityDestroy() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean onActivityBack() {
        throw new UnsupportedOperationException("stub");
    }

    public void onActivityResult(int requestCode, int resultCode, Intent data) {
        throw new UnsupportedOperationException("stub");
    }

    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean onCreateOptionsMenu(Menu menu) {
        throw new UnsupportedOperationException("stub");
    }

    public String getModuleName() {
        throw new UnsupportedOperationException("stub");
    }

    public void setModuleName(String name) {
        throw new UnsupportedOperationException("stub");
    }

    public void addEventListener(String event, String callbackId, Map<String, Object> options) {
        throw new UnsupportedOperationException("stub");
    }

    public void removeAllEventListeners(String event) {
        throw new UnsupportedOperationException("stub");
    }
}
