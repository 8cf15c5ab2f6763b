// swift-tools-version: 6.0

import PackageDescription

// On Apple platforms the library comes as an XCFramework; elsewhere it is found by pkg-config.
#if canImport(Darwin)
let library = Target.binaryTarget(name: "WhinchatFFI", path: "Whinchat.xcframework")
#else
let library = Target.systemLibrary(name: "WhinchatFFI", pkgConfig: "whinchat")
#endif

let package = Package(
    name: "whinchat",
    platforms: [.iOS(.v15), .macOS(.v13)],
    products: [
        .library(name: "Whinchat", targets: ["Whinchat"])
    ],
    targets: [
        library,
        // Generated, and in Swift 5 mode: the compiler of 6.0 crashes on some of it otherwise.
        .target(
            name: "WhinchatCore",
            dependencies: ["WhinchatFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(name: "Whinchat", dependencies: ["WhinchatCore", "WhinchatFFI"]),
        // Servers and folders, for tests and what is played in them.
        .target(name: "Stage", path: "Tests/Stage"),
        .executableTarget(name: "Bench", dependencies: ["Whinchat", "Stage"], path: "Benchmarks"),
        .target(name: "Heap", path: "Tests/Heap"),
        .target(name: "OtherLibrary", path: "Tests/OtherLibrary"),
        .executableTarget(
            name: "LeakProbe", dependencies: ["Whinchat", "WhinchatCore", "Stage", "Heap"], path: "Tests/LeakProbe"),
        .executableTarget(
            name: "OtherLibraryProbe", dependencies: ["Whinchat", "OtherLibrary"], path: "Tests/OtherLibraryProbe"),
        .testTarget(name: "WhinchatTests", dependencies: ["Whinchat", "WhinchatCore", "Stage"]),
    ],
    swiftLanguageModes: [.v6]
)
