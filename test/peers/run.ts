// Do we compute what other programs compute? Installs them, runs every comparison once without timing, and says how far apart the numbers are.
//   npm run test:peers [-- NAME…] [-- --set-up]     --set-up installs only
import { parseArgs } from 'node:util';
import { asIsochromatError } from '../../main/domain/errors.ts';
import { comparisons } from './comparisons/index.ts';
import { withSides } from './contest.ts';
import { setUpPeers } from './set-up.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({ options: { 'set-up': { type: 'boolean' } }, allowPositionals: true });
await setUpPeers(say);
let failures = 0;
for (const comparison of values['set-up'] === true ? [] : comparisons) {
  if (positionals.length > 0 && !positionals.some((name) => comparison.name.startsWith(name))) continue;
  say(`\n${comparison.title}`);
  try {
    await withSides(comparison, async (entrants, absent) => {
      for (const { side, version, agreements } of entrants.slice(1)) {
        for (const { group, error, tolerance, agrees } of agreements) {
          if (!agrees) failures++;
          const verdict = agrees ? 'agrees ' : 'DIFFERS';
          say(`  ${verdict}  ${side.name} (${version}), ${group}: ${error.toExponential(1)} of at most ${tolerance}`);
        }
      }
      for (const { name, reason } of absent) say(`  left out  ${name}: ${reason}`);
    });
  } catch (error) {
    failures++;
    say(`  FAILED   ${asIsochromatError(error).message}`);
  }
}
process.exit(failures === 0 ? 0 : 1);
