// Shows every screen of the window before an engine with a study, and prints what it asked for and complained about.
//   node every-screen.ts STUDY
import { startWindow } from './running-window.ts';

const SCREENS = ['library', 'import', 'viewer', 'patches', 'activity', 'settings', ''];

export interface EveryScreen {
  /** Headings of the screens, in the order in which they were shown. */
  headings: string[];
  /** Addresses that were asked for from the window's own origin. */
  own: number;
  /** All others. */
  elsewhere: string[];
  complaints: string[];
}

const { page, asked, complaints, show, stop } = await startWindow(process.argv[2]!);
try {
  const { origin } = new URL(page.url());
  const headings: string[] = [];
  for (const screen of SCREENS) {
    await show(screen);
    await page.waitForFunction((hash) => location.hash.startsWith(hash), `#/${screen}`);
    headings.push((await page.getByRole('main').getByRole('heading').first().textContent()) ?? '');
  }
  const addresses = asked.filter((address) => !/^(data|blob):/.test(address));
  const elsewhere = addresses.filter((address) => new URL(address).origin !== origin);
  const own = addresses.length - elsewhere.length;
  process.stdout.write(`${JSON.stringify({ headings, own, elsewhere, complaints } satisfies EveryScreen)}\n`);
} finally {
  await stop();
}
