plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
    id("org.jetbrains.kotlin.plugin.compose")
}

android {
    namespace = "im.whinchat.example"
    compileSdk = 36

    defaultConfig {
        applicationId = "im.whinchat.example"
        // The library goes down to 21; what draws here does not.
        minSdk = 23
        targetSdk = 36
        versionCode = 1
        versionName = "1"
    }

    // Everything but the views, which Maven builds and tests without Android.
    sourceSets["main"].kotlin.srcDir("../model/src/main/kotlin")
    buildFeatures { compose = true }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation("im.whinchat:whinchat-android:0.1.0")
    implementation(platform("androidx.compose:compose-bom:2025.10.00"))
    implementation("androidx.compose.material3:material3")
    implementation("androidx.activity:activity-compose:1.11.0")
    implementation("androidx.lifecycle:lifecycle-runtime-compose:2.9.4")
    implementation("androidx.lifecycle:lifecycle-viewmodel-compose:2.9.4")
}
