import Foundation
import Micrograd

/// A module of GradBench: functions by name.
package struct Module: Sendable {
  package let name: String
  let functions: [String: Function]

  /// All there are.
  package static let all: [Module] = [
    hello, llsq, lse, det, ode, gmm, ba, ht, lstm, kmeans, saddle, particle,
  ]

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

  /// A function in two parts: `prepare` compiles what depends on the shape of an input alone, and returns what runs.
  init<I: Input, Output: Encodable & SendableMetatype>(
    prepare: @escaping @Sendable (I) throws -> () throws -> Output
  ) {
    evaluate = { message in
      let request = try JSONDecoder().decode(EvaluateRequest<I>.self, from: message)
      try request.input.check()
      return try Evaluation(request.runs, prepare: { try prepare(request.input) })
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

/// Throws unless a list of lists has `count` rows of `length` numbers.
func expectShape(_ name: String, _ rows: [[Double]], _ count: Int, _ length: Int) throws(InputError) {
  try expect(rows.count == count, "\(name) has \(rows.count) rows, not \(count)")
  for (i, row) in rows.enumerated() {
    try expect(row.count == length, "\(name)[\(i)] has \(row.count) elements, not \(length)")
  }
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(InputError) {
  if !condition { throw InputError(message()) }
}

private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
