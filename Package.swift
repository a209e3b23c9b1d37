// swift-tools-version: 6.1
import PackageDescription

// A package that takes a library builds swift-numerics and nothing else. It also resolves swift-argument-parser, unless it
// leaves out the trait Commands. Both were measured with Swift 6.3, by URL and by path: see CONTRIBUTING.md.
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Commands"]))

let webServer = Target.Dependency.product(
  name: "FlyingFox", package: "FlyingFox", condition: .when(traits: ["Commands"]))

let commandDependencies: [Target.Dependency] = [
  "Micrograd", "MicrogradDistributed", "MicrogradFormulaFits", "MicrogradFormulas", "MicrogradGPT", "MicrogradNN",
  "MicrogradOptimization", "MicrogradPlayground", "MicrogradTables", "MicrogradVisual", argumentParser, webServer,
]

// The name by which pkg-config knows MPI.
let mpi = Context.environment["MICROGRAD_MPI"]

// The engine's floors, from the ground up; ARCHITECTURE.md says what is on each.
let engineFolders = [
  "base", "math", "ops", "kernels", "kernels/lanes", "tape", "nodes", "sweeps", "compiler", "runtime",
]

// Short programs that use the libraries as a package would. `swift run GaussianProcess` runs one.
let examples = [
  "CameraCalibration", "CartPole", "Epidemic", "FitOnRanks", "GaussianProcess", "HeatInARod", "OrbitDetermination",
  "Pharmacokinetics", "RobustLine", "StiffReactions",
]

let package = Package(
  name: "micrograd",
  // For ContinuousClock and Duration.
  platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9), .visionOS(.v1)],
  products: [
    .library(name: "Micrograd", targets: ["Micrograd"]),
    .library(name: "MicrogradNN", targets: ["MicrogradNN"]),
    .library(name: "MicrogradOptimization", targets: ["MicrogradOptimization"]),
    .library(name: "MicrogradFormulas", targets: ["MicrogradFormulas"]),
    .library(name: "MicrogradDynamics", targets: ["MicrogradDynamics"]),
    .library(name: "MicrogradVisual", targets: ["MicrogradVisual"]),
    .library(name: "MicrogradTables", targets: ["MicrogradTables"]),
    .library(name: "MicrogradDistributed", targets: ["MicrogradDistributed"]),
    .executable(name: "micrograd", targets: ["MicrogradCLI"]),
    .executable(name: "micrograd-gradbench", targets: ["MicrogradGradBench"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Train and fit on several processes over MPI, whose headers must be there."),
    .trait(name: "OpenBLAS", description: "Use OpenBLAS for large layers, if it is found at run time."),
    .trait(name: "Commands", description: "Build the commands, which need swift-argument-parser."),
    .default(enabledTraits: ["OpenBLAS", "Commands"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
  ],
  targets: [
    .target(
      name: "CMicrograd",
      path: "CSupport/CMicrograd",
      cSettings: engineFolders.map { .headerSearchPath($0) } + [.define("MG_OPENBLAS", .when(traits: ["OpenBLAS"]))],
      linkerSettings: [
        .linkedLibrary("m", .when(platforms: [.linux])),
        // For dlopen, which newer versions of glibc have in libc.
        .linkedLibrary("dl", .when(platforms: [.linux])),
      ]
    ),
    .target(
      name: "Micrograd",
      dependencies: ["CMicrograd", .product(name: "RealModule", package: "swift-numerics")]
    ),
    .target(name: "MicrogradNN", dependencies: ["CMicrograd", "Micrograd"]),
    .target(name: "MicrogradOptimization", dependencies: ["Micrograd"]),
    .target(name: "MicrogradDynamics", dependencies: ["Micrograd"]),
    .target(name: "MicrogradFormulas", dependencies: ["Micrograd"]),
    .target(name: "MicrogradVisual", dependencies: ["Micrograd", "MicrogradNN"]),
    .systemLibrary(name: "CZlib", path: "CSupport/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "MicrogradTables", dependencies: ["CZlib", "Micrograd", "MicrogradNN"]),
    // Fits of formulas to tables, for the command and the playground.
    .target(
      name: "MicrogradFormulaFits",
      dependencies: ["Micrograd", "MicrogradFormulas", "MicrogradOptimization", "MicrogradTables"]),
    // Nothing but the flags that pkg-config has for MPI, asked for with the trait MPI only. Open MPI's are ompi-c;
    // MICROGRAD_MPI=mpich takes MPICH's.
    .systemLibrary(
      name: "CMPIHeaders", path: "CSupport/CMPIHeaders", pkgConfig: mpi ?? "ompi-c",
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .target(
      name: "CMPI", dependencies: [.target(name: "CMPIHeaders", condition: .when(traits: ["MPI"]))],
      path: "CSupport/CMPI",
      cSettings: [.define("MG_MPI", .when(traits: ["MPI"]))],
      // Without pkg-config too, where the compiler finds MPI by itself.
      linkerSettings: mpi == nil ? [.linkedLibrary("mpi", .when(traits: ["MPI"]))] : []),
    .target(
      name: "MicrogradDistributed",
      dependencies: [
        "Micrograd", "MicrogradNN", "MicrogradOptimization", .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ]),
    .target(name: "MicrogradGPT", dependencies: ["Micrograd", "MicrogradNN"]),
    // The page of `micrograd play`, embedded as bytes.
    .target(name: "CPlaygroundPage", path: "CSupport/CPlaygroundPage", exclude: ["page"]),
    .target(
      name: "MicrogradPlayground",
      dependencies: [
        "CPlaygroundPage", "Micrograd", "MicrogradFormulaFits", "MicrogradFormulas", "MicrogradNN",
        "MicrogradOptimization", "MicrogradTables", "MicrogradVisual",
      ]),
    .executableTarget(name: "MicrogradCLI", dependencies: commandDependencies),
    .target(
      name: "CMicrogradBaselines", dependencies: ["CMicrograd"], path: "CSupport/CMicrogradBaselines"),
    // Swift's own differentiation, for the benchmarks alone: a module of its own, as the toolchain may lack it.
    .target(name: "MicrogradLanguagePeer"),
    .target(
      name: "MicrogradBenchWorkloads",
      dependencies: [
        "CMicrograd", "CMicrogradBaselines", "Micrograd", "MicrogradDynamics", "MicrogradGPT",
        "MicrogradGradBenchModules", "MicrogradLanguagePeer", "MicrogradNN", "MicrogradOptimization", "MicrogradTables",
        "MicrogradVisual",
      ]),
    .executableTarget(
      name: "MicrogradBench",
      dependencies: [
        "Micrograd", "MicrogradBenchWorkloads", "CMicrogradBaselines", argumentParser,
      ]
    ),
    .target(name: "MicrogradGradBenchModules", dependencies: ["Micrograd"]),
    .executableTarget(name: "MicrogradGradBench", dependencies: ["Micrograd", "MicrogradGradBenchModules"]),
    .testTarget(name: "CMicrogradTests", dependencies: ["CMicrograd", "TestSupport"]),
    .testTarget(name: "MicrogradTests", dependencies: ["CMicrograd", "Micrograd", "TestSupport"]),
    .testTarget(name: "MicrogradNNTests", dependencies: ["Micrograd", "MicrogradNN", "TestSupport"]),
    .testTarget(
      name: "MicrogradOptimizationTests", dependencies: ["Micrograd", "MicrogradOptimization", "TestSupport"]),
    .testTarget(
      name: "MicrogradFormulasTests",
      dependencies: ["CMicrograd", "Micrograd", "MicrogradFormulas", "MicrogradOptimization", "TestSupport"]),
    .testTarget(name: "MicrogradDynamicsTests", dependencies: ["Micrograd", "MicrogradDynamics", "TestSupport"]),
    .testTarget(name: "MicrogradVisualTests", dependencies: ["Micrograd", "MicrogradVisual", "TestSupport"]),
    .testTarget(name: "MicrogradTablesTests", dependencies: ["MicrogradNN", "MicrogradTables", "TestSupport"]),
    .testTarget(
      name: "MicrogradDistributedTests",
      dependencies: ["Micrograd", "MicrogradDistributed", "MicrogradNN", "MicrogradOptimization", "TestSupport"]),
    .testTarget(name: "MicrogradGPTTests", dependencies: ["Micrograd", "MicrogradGPT", "MicrogradNN", "TestSupport"]),
    .testTarget(
      name: "MicrogradCLITests",
      dependencies: [
        "Micrograd", "MicrogradCLI", "MicrogradDistributed", "MicrogradNN", "MicrogradTables", "TestSupport",
      ]),
    .testTarget(
      name: "MicrogradPlaygroundTests",
      dependencies: [
        "Micrograd", "MicrogradFormulas", "MicrogradNN", "MicrogradOptimization", "MicrogradPlayground",
        "MicrogradTables", "TestSupport",
      ],
      exclude: ["Pictures"]),
    .testTarget(
      name: "MicrogradGradBenchTests",
      dependencies: [
        "Micrograd", "MicrogradGradBench", "MicrogradGradBenchModules", "TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(name: "TestSupport", path: "Tests/Support"),
    // Run under mpirun by .ci/mpi.
    .executableTarget(
      name: "RankChecks", dependencies: ["Micrograd", "MicrogradDistributed", "MicrogradNN"], path: "Tests/RankChecks"),
    .target(name: "Formulas", dependencies: ["Micrograd"], path: "Tests/Formulas"),
    .target(name: "PlainFormulas", dependencies: ["Micrograd"], path: "Tests/PlainFormulas"),
    .testTarget(name: "MicrogradFormulaTests", dependencies: ["Formulas", "Micrograd", "PlainFormulas"]),
    .testTarget(name: "MicrogradBenchTests", dependencies: ["Micrograd", "MicrogradBenchWorkloads"]),
    .testTarget(name: "ExamplesTests", dependencies: ["TestSupport"]),
    .testTarget(name: "TutorialTests", dependencies: ["TestSupport", "Tutorial"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

package.targets += examples.map { name in
  .executableTarget(
    name: name,
    dependencies: [
      "Micrograd", "MicrogradDistributed", "MicrogradDynamics", "MicrogradNN", "MicrogradOptimization",
      "MicrogradVisual",
    ],
    path: "Sources/Examples/\(name)")
}

// The programs of the tutorial. `swift run Tutorial 3` runs the third.
package.targets.append(
  .executableTarget(
    name: "Tutorial", dependencies: ["Micrograd", "MicrogradNN", "MicrogradOptimization", "MicrogradVisual"]))

// Set by .ci/fuzz, which links libFuzzer in. The command is a library then, as executables cannot be linked to.
if Context.environment["MICROGRAD_FUZZ"] != nil {
  package.products.removeAll { $0.name == "micrograd" }
  package.targets.removeAll { $0.name == "MicrogradCLI" }
  package.targets += [
    .target(name: "MicrogradCLI", dependencies: commandDependencies, exclude: ["MicrogradCommand.swift"]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CMicrograd", "Micrograd", "MicrogradCLI", "MicrogradFormulas", "MicrogradNN", "MicrogradPlayground",
        "MicrogradTables",
      ],
      path: "Tests/Fuzz/Targets"),
    .executableTarget(name: "MicrogradFuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver"),
  ]
}
