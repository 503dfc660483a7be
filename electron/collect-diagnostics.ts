import { app } from 'electron';
import { homedir, release, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { diagnosticsText, lastLines } from './diagnostics.ts';
import type { DiagnosticsPart } from './diagnostics.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineProcess } from './engine-process.ts';
import { logFolder } from './paths.ts';

/** Trying every backend takes its time; a hanging driver shall not hide the rest. */
const PATIENCE = 40_000;

/** Versions, backends and logs, as one text. What the engine cannot answer is said to be so. */
export async function collectDiagnostics(engine: EngineProcess, client: EngineClient): Promise<string> {
  const ask = async (procedure: string): Promise<string[]> => {
    if (engine.connection === undefined) return [`The engine is ${engine.state.kind}.`];
    const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error('No answer.')), PATIENCE).unref());
    try {
      return JSON.stringify(await Promise.race([client.query(procedure), late]), null, 2).split('\n');
    } catch (thrown) {
      return [thrown instanceof Error ? thrown.message : String(thrown)];
    }
  };
  const [versions, backends] = await Promise.all([ask('system.versions'), ask('system.doctor')]);
  const parts: DiagnosticsPart[] = [
    { title: 'Application', lines: applicationFacts() },
    { title: 'Engine', lines: [...stateFacts(engine), ...versions] },
    { title: 'Backends', lines: backends },
    { title: 'Log of the shell', lines: lastLines(join(logFolder(), 'shell.log')) },
    { title: 'Log of the engine', lines: lastLines(join(logFolder(), 'isochromat.log')) },
  ];
  return diagnosticsText(parts, { program: app.getAppPath(), home: homedir(), user: userInfo().username });
}

function applicationFacts(): string[] {
  const { electron, chrome, node, v8 } = process.versions;
  return [
    `Isochromat ${app.getVersion()}${app.isPackaged ? '' : ' (from the repository)'}`,
    `Electron ${electron} · Chromium ${chrome} · Node ${node} · V8 ${v8}`,
    `${process.platform} ${process.arch} ${release()} · ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `Language ${app.getLocale()}`,
    `Graphics ${JSON.stringify(app.getGPUFeatureStatus())}`,
  ];
}

function stateFacts({ state, pid }: EngineProcess): string[] {
  return [`State: ${state.kind}${'reason' in state ? `. ${state.reason}` : ''}`, `Process: ${pid ?? 'none'}`];
}
