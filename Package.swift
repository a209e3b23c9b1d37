// swift-tools-version: 6.1
import PackageDescription

// Who depends on the libraries resolves swift-numerics and nothing else. The executables and tests, which need more, are
// there in a clone only; MicrogradTables gets what it needs by the trait Tables, and in a clone always. Of a dependency
// the manifest is read out of its repository first, where the directory is "/".
let isDependency = Context.packageDirectory == "/" || Context.packageDirectory.contains("/checkouts/")
let tables: TargetDependencyCondition? = isDependency ? .when(traits: ["Tables"]) : nil

// The engine's floors, from the ground up; ARCHITECTURE.md says what is on each.
let engineFolders = [
  "base", "math", "ops", "kernels", "kernels/lanes", "tape", "nodes", "sweeps", "compiler", "runtime",
]

let package = Package(
  name: "micrograd",
  products: [
    .library(name: "Micrograd", targets: ["Micrograd"]),
    .library(name: "MicrogradNN", targets: ["MicrogradNN"]),
    .library(name: "MicrogradOptimization", targets: ["MicrogradOptimization"]),
    .library(name: "MicrogradVisual", targets: ["MicrogradVisual"]),
    .library(name: "MicrogradTables", targets: ["MicrogradTables"]),
  ],
  traits: [
    .trait(name: "OpenBLAS", description: "Use OpenBLAS for large layers, if it is found at run time."),
    .trait(name: "Tables", description: "Let the library MicrogradTables have the system's zlib."),
    .default(enabledTraits: ["OpenBLAS"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0")
  ],
  targets: [
    .target(
      name: "CMicrograd",
      path: "CSupport/CMicrograd",
      cSettings: engineFolders.map { .headerSearchPath($0) } + [.define("MG_OPENBLAS", .when(traits: ["OpenBLAS"]))],
      linkerSettings: [
        .linkedLibrary("m", .when(platforms: [.linux])),
        // For dlopen, which newer versions of glibc have in libc.
        .linkedLibrary("dl", .when(platforms: [.linux], traits: ["OpenBLAS"])),
      ]
    ),
    .target(
      name: "Micrograd",
      dependencies: ["CMicrograd", .product(name: "RealModule", package: "swift-numerics")]
    ),
    .target(name: "MicrogradNN", dependencies: ["Micrograd"]),
    .target(name: "MicrogradOptimization", dependencies: ["Micrograd"]),
    .target(name: "MicrogradVisual", dependencies: ["Micrograd", "MicrogradNN"]),
    .systemLibrary(name: "CZlib", path: "CSupport/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "MicrogradTables",
      dependencies: [
        "Micrograd", "MicrogradNN",
        .target(name: "CZlib", condition: tables),
      ],
      swiftSettings: [.define("MICROGRAD_TABLES", isDependency ? .when(traits: ["Tables"]) : nil)]
    ),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

if !isDependency {
  let commandDependencies: [Target.Dependency] = [
    "Micrograd", "MicrogradGPT", "MicrogradNN", "MicrogradTables", "MicrogradVisual",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
  ]
  package.products.append(.executable(name: "micrograd", targets: ["MicrogradCLI"]))
  package.products.append(.executable(name: "micrograd-gradbench", targets: ["MicrogradGradBench"]))
  package.dependencies.append(.package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"))
  package.targets += [
    .target(name: "MicrogradGPT", dependencies: ["Micrograd", "MicrogradNN"]),
    .executableTarget(name: "MicrogradCLI", dependencies: commandDependencies),
    .target(
      name: "CMicrogradBaselines", dependencies: ["CMicrograd"], path: "CSupport/CMicrogradBaselines"),
    .target(
      name: "MicrogradBenchWorkloads",
      dependencies: [
        "CMicrograd", "CMicrogradBaselines", "Micrograd", "MicrogradGPT", "MicrogradGradBenchModules", "MicrogradNN",
      ]),
    .executableTarget(
      name: "MicrogradBench",
      dependencies: [
        "Micrograd", "MicrogradBenchWorkloads", "CMicrogradBaselines",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(name: "MicrogradGradBenchModules", dependencies: ["Micrograd"]),
    .executableTarget(name: "MicrogradGradBench", dependencies: ["Micrograd", "MicrogradGradBenchModules"]),
    .testTarget(name: "CMicrogradTests", dependencies: ["CMicrograd"]),
    .testTarget(name: "MicrogradTests", dependencies: ["Micrograd"]),
    .testTarget(name: "MicrogradNNTests", dependencies: ["Micrograd", "MicrogradNN"]),
    .testTarget(name: "MicrogradOptimizationTests", dependencies: ["Micrograd", "MicrogradOptimization"]),
    .testTarget(name: "MicrogradVisualTests", dependencies: ["Micrograd", "MicrogradVisual"]),
    .testTarget(name: "MicrogradTablesTests", dependencies: ["MicrogradNN", "MicrogradTables"]),
    .testTarget(name: "MicrogradGPTTests", dependencies: ["Micrograd", "MicrogradGPT", "MicrogradNN"]),
    .testTarget(
      name: "MicrogradCLITests", dependencies: ["Micrograd", "MicrogradCLI", "MicrogradNN", "MicrogradTables"]),
    .testTarget(
      name: "MicrogradGradBenchTests",
      dependencies: [
        "Micrograd", "MicrogradGradBench", "MicrogradGradBenchModules",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(name: "Formulas", dependencies: ["Micrograd"], path: "Tests/Formulas"),
    .target(name: "PlainFormulas", dependencies: ["Micrograd"], path: "Tests/PlainFormulas"),
    .testTarget(name: "MicrogradFormulaTests", dependencies: ["Formulas", "Micrograd", "PlainFormulas"]),
    .testTarget(name: "MicrogradBenchTests", dependencies: ["Micrograd", "MicrogradBenchWorkloads"]),
  ]

  // Set by .ci/fuzz, which links libFuzzer in. The command is a library then, as executables cannot be linked to.
  if Context.environment["MICROGRAD_FUZZ"] != nil {
    package.products.removeAll { $0.name == "micrograd" }
    package.targets.removeAll { $0.name == "MicrogradCLI" }
    package.targets += [
      .target(name: "MicrogradCLI", dependencies: commandDependencies, exclude: ["MicrogradCommand.swift"]),
      .target(
        name: "FuzzTargets",
        dependencies: ["CMicrograd", "Micrograd", "MicrogradCLI", "MicrogradNN", "MicrogradTables"],
        path: "Tests/Fuzz/Targets"),
      .executableTarget(name: "MicrogradFuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver"),
    ]
  }
}
