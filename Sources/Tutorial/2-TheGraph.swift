import Micrograd

func theGraph() throws {
}
