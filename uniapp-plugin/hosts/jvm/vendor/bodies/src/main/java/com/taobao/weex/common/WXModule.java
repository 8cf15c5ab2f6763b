package com.taobao.weex.common;

import android.content.Intent;
import android.view.Menu;
import com.taobao.weex.WXSDKInstance;
import io.dcloud.feature.uniapp.AbsSDKInstance;
import java.util.Map;

public abstract class WXModule implements IWXObject {
    public AbsSDKInstance mUniSDKInstance;
    public WXSDKInstance mWXSDKInstance;
    private String moduleName;

    public void onActivityCreate() {}

    public void onActivityStart() {}

    public void onActivityResume() {}

    public void onActivityPause() {}

    public void onActivityStop() {}

    public void onActivityDestroy() {}

    public boolean onActivityBack() {
        return false;
    }

    public void onActivityResult(int requestCode, int resultCode, Intent data) {}

    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {}

    public boolean onCreateOptionsMenu(Menu menu) {
        return false;
    }

    public String getModuleName() {
        return moduleName;
    }

    public void setModuleName(String name) {
        moduleName = name;
    }

    public void addEventListener(String event, String callbackId, Map<String, Object> options) {}

    public void removeAllEventListeners(String event) {}
}
