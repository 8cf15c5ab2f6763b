package io.dcloud.uniapp.extapi

internal interface Something
