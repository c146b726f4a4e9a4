"""The simulated government: fictional sites on loopback for the demo, the tests and the benchmarks. 模拟站点，仅用于测试."""
