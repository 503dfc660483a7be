// How fast are we beside other programs? Each benchmark runs all sides in one go, in turns, on the same number of threads.
//   npm run bench -- [NAME…] [--table] [--rounds N] [--seconds S] [--with SIDE]… [--save] [--list]
// --table measures what has a target, beside those that the targets speak of, in few rounds.
// ISOCHROMAT_BENCH_THREADS is the number of threads of each side, 2 unless given.
// A name may be the beginning of names. `npm run test:peers -- --set-up` installs the other programs; missing ones are left out.
import { parseArgs } from 'node:util';
import { asIsochromatError } from '../../main/domain/errors.ts';
import { comparisons } from '../peers/comparisons/index.ts';
import type { Comparison } from '../peers/comparisons/comparison.ts';
import { withSides } from '../peers/contest.ts';
import type { SideDescription } from '../peers/side.ts';
import { measure } from './measure.ts';
import type { MeasureOptions, Verdict } from './measure.ts';
import { programs } from './programs/index.ts';
import { save } from './save.ts';
import { number, resultText, verdictsOf, verdictsText } from './table.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    table: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    with: { type: 'string', multiple: true },
    save: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const [rounds, seconds] = values.table ? ['3', '0.5'] : ['7', '1'];
const options: MeasureOptions = {
  rounds: positive(values.rounds ?? rounds),
  seconds: positive(values.seconds ?? seconds),
};

function takesPart({ targets }: Comparison, { name, untimed }: SideDescription): boolean {
  if (untimed === true) return false;
  if (values.with !== undefined) return values.with.includes(name);
  return !values.table || name.startsWith('peak') || targets.some(({ against }) => against === name);
}

async function compare(comparison: Comparison): Promise<Verdict[]> {
  return withSides(
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
      return verdictsOf(result, comparison.mostBytes);
    },
    (side) => takesPart(comparison, side),
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  say(`A number above zero is wanted, not "${text}".`);
  process.exit(2);
}

const known: { name: string; title: string; beside?: boolean }[] = [...comparisons, ...programs];
const chosen = known
  .filter(({ name }) => positionals.length === 0 || positionals.some((p) => name.startsWith(p)))
  .filter(({ beside }) => !values.table || beside !== true);
if (values.list || chosen.length === 0) {
  for (const { name, title } of known) say(`${name.padEnd(28)} ${title}`);
  process.exit(values.list ? 0 : 2);
}
const began = performance.now();
const verdicts: Verdict[] = [];
let failed = false;
for (const { name } of chosen) {
  try {
    const comparison = comparisons.find((candidate) => candidate.name === name);
    if (comparison !== undefined) verdicts.push(...(await compare(comparison)));
    else {
      const program = programs.find((candidate) => candidate.name === name)!;
      verdicts.push(...(await program.run({ ...options, keep: values.save, say })));
    }
  } catch (error) {
    failed = true;
    say(`\n${name} failed: ${asIsochromatError(error).message}`);
  }
}
const minutes = (performance.now() - began) / 60_000;
if (verdicts.length > 0) say(`\n${verdictsText(verdicts)}\nmeasured in ${number(minutes)} minutes`);
if (values.save && values.table) say(`kept in ${save('table', { ...options, minutes, verdicts }, new Date())}`);
process.exit(failed ? 1 : 0);
