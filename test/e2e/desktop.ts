import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { builtWindow } from './built-window.ts';
import { TestEngine } from './engine.ts';

/**
 * The desktop without Electron: a real engine on its socket, what passes the window's requests on to it, dialogs that answer
 * what the test put into `choices`, and a window in a real browser.
 */
export class TestDesktop {
  readonly page: Page;
  readonly url: string;
  /** What the next dialogs answer: paths, in the order in which they are asked for. */
  readonly choices: string[][] = [];
  /** What the page complained about; a test may expect it to be empty. */
  readonly complaints: string[];
  private engine: TestEngine | undefined;
  private readonly server: Server;
  private readonly start: () => Promise<TestEngine>;

  private constructor(page: Page, url: string, server: Server, complaints: string[], start: () => Promise<TestEngine>) {
    this.page = page;
    this.url = url;
    this.server = server;
    this.complaints = complaints;
    this.start = start;
  }

  static async open(
    browser: Browser,
    home: string,
    options: { study?: string; context?: BrowserContextOptions } = {},
  ): Promise<TestDesktop> {
    const renderer = await builtWindow();
    const { study, context: wishes = {} } = options;
    const start = (): Promise<TestEngine> =>
      TestEngine.start({
        config: join(home, 'config'),
        log: join(home, 'log'),
        renderer,
        ...(study === undefined ? {} : { study }),
      });
    const holder: { desktop?: TestDesktop } = {};
    const server = createServer((incoming, outgoing) => {
      const socketPath = holder.desktop?.engine?.socket;
      const { url: path, method, headers } = incoming;
      const passed = request(
        { socketPath: socketPath ?? '/nowhere', path, method, headers: { ...headers, 'x-isochromat-window': '1' } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.on('error', () => outgoing.destroy()).pipe(outgoing);
        },
      );
      passed.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(503).end()));
      outgoing.on('close', () => passed.destroy());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...wishes });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 50[0-9]|ERR_/.test(message.text()))
        complaints.push(`${message.text()} ${message.location().url}`);
    });
    await page.exposeFunction('testChoose', () => holder.desktop?.chosen());
    await page.addInitScript(() => {
      const choose = (): unknown => (window as unknown as { testChoose: () => unknown }).testChoose();
      const nothing = (): void => {};
      Object.assign(window, {
        isochromat: {
          platform: 'linux',
          version: '0',
          choose,
          dropped: choose,
          onCommand: () => nothing,
          onEngine: () => nothing,
          restartEngine: async () => nothing(),
          showDiagnostics: async () => nothing(),
        },
      });
    });
    const desktop = new TestDesktop(page, url, server, complaints, start);
    holder.desktop = desktop;
    await desktop.startEngine();
    await page.goto(url);
    return desktop;
  }

  async startEngine(): Promise<void> {
    this.engine = await this.start();
  }

  async killEngine(): Promise<void> {
    await this.engine?.kill();
    this.engine = undefined;
  }

  /** Another window on the same desktop: reloads what is shown. */
  async reopen(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(this.url);
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await this.engine?.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async chosen() {
    const paths = this.choices.shift();
    return paths === undefined ? [] : this.engine?.tokens(paths);
  }
}
