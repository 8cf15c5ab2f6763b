// node test/fake/main.mjs [--port N] [--pages DIR] [--seed N]: the example against people in memory.
import { parseArgs } from 'node:util';
import { chatOver, World } from './chat.mjs';
import { startSimulator } from './simulator.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' }, pages: { type: 'string' }, seed: { type: 'string' } } });
const world = new World({ seed: Number(values.seed ?? 0) });
const simulator = await startSimulator({ ...chatOver(world), port: Number(values.port ?? 0), pages: values.pages });
console.log(`http://127.0.0.1:${simulator.port}/?whinchat=${encodeURIComponent(simulator.url)}&device=phone-1`);
