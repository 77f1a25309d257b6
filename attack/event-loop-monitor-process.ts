import { watchEventLoop } from './event-loop-monitor.ts';

// The whole of what --import loads into the process under attack.
watchEventLoop();
