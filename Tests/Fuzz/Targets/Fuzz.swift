/// The targets by the names of their folders of seeds.
enum FuzzTarget: String, CaseIterable {
  case safetensors, checkpoint, model, function, csv, gzip, idx, table, engine, formula, playground

  func run(_ bytes: [UInt8]) {
    switch self {
    case .safetensors: fuzzSafeTensors(bytes)
    case .checkpoint: fuzzCheckpoint(bytes)
    case .model: fuzzModel(bytes)
    case .function: fuzzFunction(bytes)
    case .csv: fuzzCSV(bytes)
    case .gzip: fuzzGzip(bytes)
    case .idx: fuzzIDX(bytes)
    case .table: fuzzBinaryTable(bytes)
    case .engine: fuzzEngine(bytes)
    case .formula: fuzzFormula(bytes)
    case .playground: fuzzPlayground(bytes)
    }
  }
}

/// Runs one input through the target of a name; a property that does not hold stops the program.
@_cdecl("micrograd_fuzz")
public func microgradFuzz(_ target: UnsafePointer<CChar>, _ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let target = FuzzTarget(rawValue: String(cString: target)) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("MICROGRAD_FUZZ_TARGET is \(String(cString: target)): give one of \(names)")
  }
  target.run(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

func check(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}
