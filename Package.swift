// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "micrograd",
  products: [
    .library(name: "Micrograd", targets: ["Micrograd"]),
    .library(name: "MicrogradNN", targets: ["MicrogradNN"]),
    .library(name: "MicrogradVisual", targets: ["MicrogradVisual"]),
    .executable(name: "micrograd", targets: ["MicrogradCLI"]),
  ],
  traits: [
    .trait(name: "OpenBLAS", description: "Link the system's OpenBLAS for large layers."),
    .default(enabledTraits: ["OpenBLAS"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS",
      path: "CSupport/COpenBLAS",
      pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "pkg-config"]), .brew(["openblas", "pkgconf"])]
    ),
    .target(
      name: "CMicrograd",
      dependencies: [.target(name: "COpenBLAS", condition: .when(traits: ["OpenBLAS"]))],
      path: "CSupport/CMicrograd",
      cSettings: [.define("MG_OPENBLAS", .when(traits: ["OpenBLAS"]))],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]
    ),
    .target(
      name: "CMicrogradBaselines", dependencies: ["CMicrograd"], path: "CSupport/CMicrogradBaselines"),
    .target(
      name: "Micrograd",
      dependencies: ["CMicrograd", .product(name: "RealModule", package: "swift-numerics")]
    ),
    .target(name: "MicrogradNN", dependencies: ["Micrograd"]),
    .target(name: "MicrogradVisual", dependencies: ["Micrograd", "MicrogradNN"]),
    .executableTarget(
      name: "MicrogradCLI",
      dependencies: [
        "Micrograd", "MicrogradNN", "MicrogradVisual",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(
      name: "MicrogradBenchWorkloads", dependencies: ["Micrograd", "MicrogradNN", "CMicrogradBaselines"]),
    .executableTarget(
      name: "MicrogradBench",
      dependencies: [
        "Micrograd", "MicrogradBenchWorkloads", "CMicrogradBaselines",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "CMicrogradTests", dependencies: ["CMicrograd"]),
    .testTarget(name: "MicrogradTests", dependencies: ["Micrograd"]),
    .testTarget(name: "MicrogradNNTests", dependencies: ["Micrograd", "MicrogradNN"]),
    .testTarget(name: "MicrogradVisualTests", dependencies: ["Micrograd", "MicrogradVisual"]),
    .testTarget(name: "MicrogradCLITests", dependencies: ["MicrogradCLI"]),
    .testTarget(name: "MicrogradBenchTests", dependencies: ["Micrograd", "MicrogradBenchWorkloads"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
