package io.dcloud.feature.uniapp.common;

import com.taobao.weex.common.WXModule;

public class UniModule extends WXModule {}
