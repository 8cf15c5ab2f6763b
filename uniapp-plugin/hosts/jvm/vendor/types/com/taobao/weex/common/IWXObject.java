package com.taobao.weex.common;

public interface IWXObject {}
