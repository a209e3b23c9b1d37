import CMicrograd

extension CompiledFunction {
  /// Compiles the function to native code with the system's C compiler.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// let native = try f.native()
  /// var gradient = [0.0, 0.0]
  /// try native.valueWithGradient(at: [1, 2], into: &gradient)  // 2.3679
  /// gradient  // [1.6321, 1.0]
  /// ```
  ///
  /// The environment variable `CC` names the compiler and its arguments; the default is `cc`. Only this method starts it, without
  /// a shell. The library is kept and used again for the same source, compiler, flags and processor. The folder is made if it is
  /// missing. It must belong to the user, and nobody else may be able to write to it.
  ///
  /// - Parameter folder: The folder for libraries. By default `micrograd-native` in `XDG_CACHE_HOME`, in `~/Library/Caches`,
  ///   or in `~/.cache`.
  /// - Throws: ``NativeCodeError``. The compiled function works as before.
  /// - Complexity: GCC takes about a second for a thousand instructions. Long programs are compiled with less optimisation.
  public func native(folder: String? = nil) throws(NativeCodeError) -> NativeFunction {
    try NativeFunction(self, folder: folder)
  }
}

/// A loaded library.
internal final class NativeLibrary {
  private let pointer: UnsafeMutableRawPointer

  deinit { mg_native_close(pointer) }

  init(_ source: String, folder: String?) throws(NativeCodeError) {
    guard let folder = folder ?? Self.defaultFolder else { throw .noFolder }
    // Compilers take long for many statements; numbers in lists are none.
    let statements = source.utf8.count { $0 == UInt8(ascii: ";") }
    let optimization = statements < 3_000 && source.utf8.count < 1_000_000 ? "-O3" : statements < 20_000 ? "-O1" : "-O0"
    var status = NativeStatus.ok
    var fault = mg_native_fault()
    defer {
      mg_text_free(&fault.path)
      mg_text_free(&fault.reason)
    }
    let library = Self.compiler.withCString { compiler in
      folder.withCString { folder in
        optimization.withCString { optimization in
          mg_native_open(
            source, mg_native_request(compiler: compiler, folder: folder, optimization: optimization), &status, &fault)
        }
      }
    }
    guard let library else { throw NativeCodeError(status, fault) }
    pointer = library
  }

  /// A function of the library.
  func function<T>(_ name: String, _ type: T.Type) -> T? {
    mg_native_symbol(pointer, name).map { unsafeBitCast($0, to: type) }
  }

  private static var compiler: String {
    var words = CText()
    mg_native_default_compiler(&words.text)
    return words.string
  }

  private static var defaultFolder: String? {
    var folder = CText()
    return mg_native_default_folder(&folder.text) ? folder.string : nil
  }
}

extension NativeCodeError {
  fileprivate init(_ status: NativeStatus, _ fault: mg_native_fault) {
    func text(_ text: mg_text) -> String { text.bytes.map { String(String(cString: $0).prefix(2000)) } ?? "" }
    let (path, reason) = (text(fault.path), text(fault.reason))
    self =
      switch status {
      case .ok, .unavailable: .unavailable
      case .unsafeFolder: .unsafeFolder(path: path, reason: reason)
      case .cannotWrite: .cannotWrite(path: path, reason: reason)
      case .noCompiler: .noCompiler(path, reason: reason)
      case .compilerFailed: .compilerFailed(path, message: reason)
      case .cannotLoad: .cannotLoad(path: path, reason: reason)
      }
  }
}
