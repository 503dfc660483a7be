// How fast are we beside other programs? Each benchmark runs all sides in one go, in turns, on the same number of threads.
//   npm run bench -- [NAME…] [--rounds N] [--seconds S] [--with SIDE]… [--save] [--list]
// ISOCHROMAT_BENCH_THREADS is the number of threads of each side, 2 unless given.
// A name may be the beginning of names. `npm run test:peers -- --set-up` installs the other programs; missing ones are left out.
import { parseArgs } from 'node:util';
import { asIsochromatError } from '../../main/domain/errors.ts';
import { comparisons } from '../peers/comparisons/index.ts';
import type { Comparison } from '../peers/comparisons/comparison.ts';
import { withSides } from '../peers/contest.ts';
import { measure } from './measure.ts';
import type { MeasureOptions } from './measure.ts';
import { programs } from './programs/index.ts';
import { save } from './save.ts';
import { resultText } from './table.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    with: { type: 'string', multiple: true },
    save: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const options: MeasureOptions = { rounds: positive(values.rounds), seconds: positive(values.seconds) };

async function compare(comparison: Comparison): Promise<void> {
  await withSides(
    comparison,
    async (entrants, absent) => {
      for (const { side, agreements } of entrants) {
        const wrong = agreements.find(({ agrees }) => !agrees);
        if (wrong !== undefined) throw new Error(`${side.name} computes another ${wrong.group}: ${wrong.error} apart.`);
      }
      const result = await measure(comparison, entrants, options);
      const agreements = entrants.flatMap((entrant) =>
        entrant.agreements.map(({ group, error }) => ({ side: entrant.side.name, group, error })),
      );
      say(`\n${resultText(result)}`);
      for (const { name, reason } of absent) say(`left out: ${name}. ${reason}`);
      if (values.save) say(`kept in ${save(result.name, { ...options, ...result, agreements, absent }, new Date())}`);
    },
    ({ name, untimed }) => untimed !== true && (values.with?.includes(name) ?? true),
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  say(`A number above zero is wanted, not "${text}".`);
  process.exit(2);
}

const known = [...comparisons.map(({ name, title }) => ({ name, title })), ...programs];
const chosen = known.filter(({ name }) => positionals.length === 0 || positionals.some((p) => name.startsWith(p)));
if (values.list || chosen.length === 0) {
  for (const { name, title } of known) say(`${name.padEnd(28)} ${title}`);
  process.exit(values.list ? 0 : 2);
}
let failed = false;
for (const { name } of chosen) {
  try {
    const comparison = comparisons.find((candidate) => candidate.name === name);
    if (comparison !== undefined) await compare(comparison);
    else await programs.find((program) => program.name === name)!.run({ ...options, keep: values.save, say });
  } catch (error) {
    failed = true;
    say(`\n${name} failed: ${asIsochromatError(error).message}`);
  }
}
process.exit(failed ? 1 : 0);
