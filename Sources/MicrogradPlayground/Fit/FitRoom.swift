/// The room of fits: a table, a formula, and the curve with its parameters.
struct FitRoom {
  mutating func answer(_ request: Request) throws -> [any Encodable] { throw request.unknownAction }
}
