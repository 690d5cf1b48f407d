// Tests run on the output of tsc in dist/: no transform, no name mapping. Traces map back to the .ts sources.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist'],
  testMatch: ['**/*.spec.js'],
  transform: {},
  maxWorkers: 2, // most of the time is spent waiting for other programs
  testTimeout: 30_000, // above the deadlines of waiting tests, whose errors say what they waited for
  workerIdleMemoryLimit: '512MB', // contexts of --experimental-vm-modules are not freed in full on Node 20
};
