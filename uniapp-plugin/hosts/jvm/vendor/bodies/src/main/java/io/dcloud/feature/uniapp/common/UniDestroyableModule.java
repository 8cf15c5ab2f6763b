package io.dcloud.feature.uniapp.common;

public abstract class UniDestroyableModule extends UniModule {
    public abstract void destroy();
}
