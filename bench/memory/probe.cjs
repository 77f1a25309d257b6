// Loaded into the measured process by --require. On SIGUSR2 it collects garbage and writes what is left to the working directory.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed } = process.memoryUsage();
  const hasNodesUndici = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici');
  fs.writeFileSync('probe.json', JSON.stringify({ heapUsed, hasNodesUndici }));
});
