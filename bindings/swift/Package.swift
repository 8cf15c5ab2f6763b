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
    platforms: [.iOS(.v15), .macOS(.v12)],
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
        .testTarget(name: "WhinchatTests", dependencies: ["Whinchat"]),
    ],
    swiftLanguageModes: [.v6]
)
