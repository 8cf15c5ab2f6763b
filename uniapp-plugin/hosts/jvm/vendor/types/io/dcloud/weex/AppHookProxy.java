package io.dcloud.weex;

import android.app.Application;

public interface AppHookProxy {
    void onCreate(Application application);
}
