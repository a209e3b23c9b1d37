/// The reason why a compiled function cannot be written as C or compiled to native code. The compiled function works as before.
public enum NativeCodeError: Error, Equatable {
  /// The function uses a custom operation, which is Swift code. The text is its name.
  case customOperation(String)
  /// The function cannot be compiled once more, with its parameters as an argument.
  case notCompiled(CompilationError)
  /// The name is not valid for a C function, or C, libm or the source itself uses it already.
  case unusableName(String)
  /// Programs cannot start a compiler or load a library on this platform.
  case unavailable
  /// There is no folder for libraries: the user has no home folder, and `XDG_CACHE_HOME` is not set.
  case noFolder
  /// Others may write to the folder for libraries, so a library there could be theirs.
  case unsafeFolder(path: String, reason: String)
  /// A file or folder cannot be written, or the disk is full.
  case cannotWrite(path: String, reason: String)
  /// The compiler cannot be started.
  case noCompiler(String, reason: String)
  /// The compiler ended with an error. The text is its output.
  case compilerFailed(String, message: String)
  /// The system refused to load the library.
  case cannotLoad(path: String, reason: String)
}

extension NativeCodeError: CustomStringConvertible {
  /// The cause and the remedy.
  public var description: String {
    switch self {
    case .customOperation(let name):
      """
      the function uses the operation \(name), whose rules are Swift code: it cannot be written as C. Write it with the \
      operations of Value, or run the compiled function as it is.
      """
    case .notCompiled(let error):
      "the function cannot be written with its parameters as an argument, because \(error)"
    case .unusableName(let name):
      """
      "\(name)" cannot be the name of the C function: give a name of letters, digits and _ that begins with a letter and \
      that neither C nor math.h has
      """
    case .unavailable:
      """
      this platform starts no compiler, or loads no libraries, at run time. Write the function with cSource(named:) and \
      build it into the app.
      """
    case .noFolder:
      "there is no folder for native code: set XDG_CACHE_HOME to an absolute path, or give a folder"
    case .unsafeFolder(let path, let reason):
      "native code is not kept in \(path), as \(reason). Give a folder that only you can write to (chmod 700)."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason). Make room there, or give another folder."
    case .noCompiler(let compiler, let reason):
      """
      the compiler \(compiler) cannot be started: \(reason). Install a C compiler, or name one in the environment's \
      variable CC.
      """
    case .compilerFailed(let compiler, let message):
      "the compiler \(compiler) failed. Try another one, named in the environment's variable CC. It says:\n\(message)"
    case .cannotLoad(let path, let reason):
      """
      the library \(path) cannot be loaded: \(reason). It was deleted: try again, or give a folder from which programs may be \
      run (not one that is mounted noexec).
      """
    }
  }
}
