pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        // Where `cargo xtask kotlin` puts the SDK.
        maven(uri("../../target/maven"))
        google()
        mavenCentral()
    }
}

rootProject.name = "chat"
include(":app")
