package io.dcloud.feature.uniapp.bridge;

/** A function of JavaScript. */
public interface UniJSCallback {
    void invoke(Object data);

    void invokeAndKeepAlive(Object data);
}
