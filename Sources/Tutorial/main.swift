// The programs of the tutorial, a chapter each: `swift run Tutorial 3` runs the third, `swift run Tutorial` all.
let chapters: [() throws -> Void] = [
  aDerivative, theGraph, aNeuron, aNetwork, aCurve, aHundredTimesFaster, aTinyGPT,
]

let chosen = CommandLine.arguments.dropFirst().compactMap { Int($0) }
for number in chosen.isEmpty ? Array(1...chapters.count) : chosen {
  guard chapters.indices.contains(number - 1) else {
    fatalError("there is no chapter \(number): give 1 to \(chapters.count)")
  }
  try chapters[number - 1]()
}
