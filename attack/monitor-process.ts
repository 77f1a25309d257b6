import { watchEventLoop } from './monitor.ts';

// The whole of what --import loads into the process under attack.
watchEventLoop();
