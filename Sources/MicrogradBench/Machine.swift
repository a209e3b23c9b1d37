import CMicrogradBaselines
import Foundation
import Micrograd

/// What the numbers depend on.
struct Machine: Encodable {
  let processor: String
  let cores: Int
  let system: String
  let compiler: String
  let blas: String

  static func current() -> Machine {
    Machine(
      processor: processorName() ?? "unknown processor",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      system: ProcessInfo.processInfo.operatingSystemVersionString,
      compiler: "Swift \(swiftVersion), \(String(cString: mgb_compiler()))",
      blas: blasDescription)
  }

  var headline: String { "\(processor), \(cores) cores, \(system); \(compiler); \(blas)" }

  private static func processorName() -> String? {
    #if os(Linux)
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    #elseif canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 1 else { return nil }
      var name = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return nil }
      return String(decoding: name.dropLast(), as: UTF8.self)
    #else
      return nil
    #endif
  }

  private static var swiftVersion: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
