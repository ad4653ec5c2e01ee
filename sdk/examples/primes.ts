// The whole job of a scientist: count the primes below a million on many hands.
import { connect } from '@manyhands/sdk';

const coordinator = await connect(process.argv[2] ?? 'http://127.0.0.1:8420');
const project = await coordinator.project('primes', { question: 'How many primes are there below a million?' });
const app = await project.app({ name: 'primes', wasm: { path: new URL('primes.wasm', import.meta.url) } });

const inputs = Array.from({ length: 20 }, (_, index) => ({
  name: `part-${index}`,
  args: [String(index * 50_000), String((index + 1) * 50_000)],
}));
const batch = await app.map(inputs);

let count = 0;
for await (const result of batch.results()) count += Number(result.text());
console.log(`${count} primes`);
