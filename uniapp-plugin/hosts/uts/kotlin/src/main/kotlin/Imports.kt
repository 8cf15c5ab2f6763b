// Its compiler writes imports of everything in these packages.
package io.dcloud.uniapp

internal interface Something
