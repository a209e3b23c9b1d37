/// This library.
package enum Library {
  /// The version, for people and to compare programs that compute together.
  package static let version = "development version"
}
