/// The room of networks: data, layers, training, and the decision boundary.
struct NetworkRoom {
  mutating func answer(_ request: Request) throws -> [any Encodable] { throw request.unknownAction }
}
