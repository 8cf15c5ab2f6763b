package com.taobao.weex;

public interface IWXActivityStateListener {}
