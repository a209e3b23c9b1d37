import CMicrograd

/// C text that grows.
internal struct CText: ~Copyable {
  var text = mg_text()

  deinit {
    var text = text
    mg_text_free(&text)
  }

  /// The text; traps where there was no memory for it.
  var string: String {
    require(!text.failed, "out of memory: no text of \(text.count) bytes and more")
    guard let bytes = text.bytes else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(text.count)), as: UTF8.self)
  }

  /// A number as C has it.
  static func number(_ x: Double) -> String {
    var to = CText()
    mg_print_number(x, &to.text)
    return to.string
  }

  /// The definitions that printed text needs before it.
  static func definitions(for printed: String) -> String {
    var to = CText()
    mg_print_math(printed, &to.text)
    return to.string
  }
}

extension CompiledPath {
  /// A program as a function in C (mg_print_c.h says which arguments it has).
  ///
  /// - Parameters:
  ///   - hasParameters: The function is handed what depends on parameters; else their numbers are in the text.
  ///   - parameterInputs: How many inputs, from the first on, are parameters, which the function is handed.
  func printed(
    _ program: CompiledFunction.Program, named name: String, isCareful: Bool = false, hasParameters: Bool,
    parameterInputs: Int = 0
  ) throws(NativeCodeError) -> String {
    let made = self.program(program.wants)
    if !hasParameters { update(program) }
    var to = CText()
    let custom = name.withCString { name in
      mg_program_print_c(
        made,
        mg_c_request(
          name: name, is_careful: isCareful, has_parameters: hasParameters, is_inline: !isCareful,
          parameter_inputs: Int64(parameterInputs)), &to.text)
    }
    if let custom { throw .customOperation(String(cString: custom.pointee.name)) }
    return to.string
  }

  /// The two functions of a gradient: the plain one, and the careful one for gradients that are not finite. One of a very long
  /// program serves as both.
  func printedGradient(
    _ program: CompiledFunction.Program, named name: String, careful: String, hasParameters: Bool,
    parameterInputs: Int = 0
  ) throws(NativeCodeError) -> String {
    let text = try printed(
      program, named: careful, isCareful: true, hasParameters: hasParameters, parameterInputs: parameterInputs)
    if !mg_program_is_listed(self.program(program.wants)) {
      return try printed(program, named: name, hasParameters: hasParameters, parameterInputs: parameterInputs) + text
    }
    return text + """
      static int \(name)(const double *restrict x, const double *restrict u, double *restrict results, \
      double *restrict gradient, double *restrict sums) {
        return \(careful)(x, u, results, gradient, sums);
      }


      """
  }

  /// Computes what depends on parameters, from their numbers of now.
  func update(_ program: CompiledFunction.Program) {
    checkParameters()
    if mg_program_update(self.program(program.wants), tape) != .ok { trapFull(tape) }
  }
}
