import Foundation
import Micrograd

/// A module of GradBench: functions by name.
package struct Module: Sendable {
  package let name: String
  let functions: [String: Function]

  /// All there are.
  package static let all: [Module] = [hello, llsq, lse, det, ode, gmm, saddle, particle]

  static func named(_ name: String) throws(InputError) -> Module {
    guard let module = all.first(where: { $0.name == name }) else {
      throw InputError("there is no module \(name): the modules are \(list(all.map(\.name)))")
    }
    return module
  }

  func function(named name: String) throws(InputError) -> Function {
    guard let function = functions[name] else {
      throw InputError("\(self.name) has no function \(name): its functions are \(list(functions.keys.sorted()))")
    }
    return function
  }
}

/// A function that takes its input from a message.
struct Function: Sendable {
  /// Reads an `evaluate` message and runs the function as often as it says.
  let evaluate: @Sendable (_ message: Data) throws -> Evaluation

  init<I: Input, Output: Encodable & SendableMetatype>(_ body: @escaping @Sendable (I) throws -> Output) {
    evaluate = { message in
      let request = try JSONDecoder().decode(EvaluateRequest<I>.self, from: message)
      try request.input.check()
      return try Evaluation(request.runs) { try body(request.input) }
    }
  }
}

/// What a function takes.
package protocol Input: Decodable, Sendable {
  /// Throws where the function is not defined, or its parts do not fit one another.
  func check() throws(InputError)
}

extension Input {
  package func check() throws(InputError) {}
}

/// Why there is no output.
package struct InputError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(InputError) {
  if !condition { throw InputError(message()) }
}

private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
