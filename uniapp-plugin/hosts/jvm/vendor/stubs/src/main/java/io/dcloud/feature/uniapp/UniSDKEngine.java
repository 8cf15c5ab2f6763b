package io.dcloud.feature.uniapp;

import io.dcloud.feature.uniapp.common.UniModule;

public class UniSDKEngine {
    public static boolean registerUniModule(String name, Class<? extends UniModule> moduleClass) {
        throw new UnsupportedOperationException("stub");
    }
}
