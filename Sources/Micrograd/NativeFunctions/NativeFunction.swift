import CMicrograd

/// A compiled function as native code: C source, compiled by the system's compiler and loaded.
///
/// ``CompiledFunction/native(folder:)`` makes one. Its results have the same bits as calls of the compiled function for one
/// sample, and differ by rounding from calls over many samples.
///
/// Each call uses the parameters as they are then. If a sample takes a path that was not recorded before, the compiled function
/// computes it and records the path; call ``CompiledFunction/native(folder:)`` again to compile that path too. Like the compiled
/// function, native code belongs to the tape on which it was made, and to one thread at a time.
public final class NativeFunction {
  /// The number of inputs.
  public let inputCount: Int
  /// The number of results.
  public let resultCount: Int
  /// The number of paths that are native code.
  public let pathCount: Int
  /// The number of samples that took another path, so that the compiled function computed them.
  public internal(set) var interpretedCount = 0

  typealias Numbers = UnsafePointer<Double>
  typealias Output = UnsafeMutablePointer<Double>
  typealias Uniforms = UnsafePointer<UnsafePointer<Double>?>
  typealias Marks = UnsafeMutablePointer<UInt8>
  typealias Value = @convention(c) (Numbers, Uniforms, Output) -> Int32
  typealias Gradient = @convention(c) (Numbers, Uniforms, Output, Output) -> Int32
  typealias Values = @convention(c) (Int64, Numbers, Uniforms, Output, Marks?) -> Int64
  typealias Gradients = @convention(c) (Int64, Numbers, Uniforms, Output, Output, Marks?) -> Int64
  typealias Sums =
    @convention(c) (Int64, Numbers, Uniforms, UnsafePointer<UnsafeMutablePointer<Double>?>, Marks) -> Int64

  let function: CompiledFunction
  let paths: [CompiledPath]
  let library: NativeLibrary
  /// True if samples can take another path, or name no place in a table.
  let isPartial: Bool
  /// True if numbers that depend on parameters must be computed before a call.
  let hasParameters: Bool
  let uniforms: UnsafeMutablePointer<UnsafePointer<Double>?>
  let value: Value
  let gradient: Gradient?

  deinit { uniforms.deallocate() }

  init(_ function: CompiledFunction, folder: String?) throws(NativeCodeError) {
    let text = NativeLibraryText(function: function)
    library = try NativeLibrary(try text.text(), folder: folder)
    guard let value = library.function("mg_value", Value.self) else {
      throw .cannotLoad(path: "the library", reason: "it lacks the function mg_value")
    }
    self.value = value
    gradient = library.function("mg_gradient", Gradient.self)
    (self.function, paths) = (function, function.paths)
    (inputCount, resultCount, pathCount) = (function.inputCount, function.resultCount, function.pathCount)
    isPartial = paths.count > 1 || paths[0].isGuarded || paths[0].picks
    hasParameters = paths.contains { $0.parameterCount > 0 }
    let count = paths.count * NativeLibraryText.programs.count
    uniforms = .allocate(capacity: count)
    uniforms.initialize(repeating: nil, count: count)
    update(force: true)
  }

  /// The programs of a path that are native code.
  private func programs(of path: CompiledPath) -> [Int] {
    NativeLibraryText.programs.indices.filter { k in
      switch NativeLibraryText.programs[k] {
      case .comparisons: path.isGuarded
      case .values: true
      case .gradientByParameters: resultCount == 1 && hasParameters
      default: gradient != nil
      }
    }
  }

  /// Computes the numbers that depend on parameters, for all programs or one.
  func update(_ only: Int? = nil, force: Bool = false) {
    guard hasParameters || force else { return }
    function.tape.pointer.pointee.watch?.pointee.swept = true  // who records a function has plain numbers from here
    for (k, path) in paths.enumerated() {
      for program in programs(of: path) where only == nil || program == only || program == 0 {
        path.update(NativeLibraryText.programs[program])
        let numbers = mg_program_uniforms(path.program(NativeLibraryText.programs[program].wants))
        uniforms[NativeLibraryText.uniforms(of: program, path: k)] = numbers
      }
    }
  }
}
