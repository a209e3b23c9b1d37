import Foundation
import MicrogradGradBenchModules

// `micrograd-gradbench`: GradBench's tool. It reads messages from standard input until that ends.

let newline = Data([10])
while let line = readLine() {
  if line.allSatisfy(\.isWhitespace) { continue }
  switch Conversation.answer(Data(line.utf8)) {
  case .response(let response): FileHandle.standardOutput.write(response + newline)
  case .complaint(let text): FileHandle.standardError.write(Data("micrograd-gradbench: \(text)\n".utf8))
  }
}
