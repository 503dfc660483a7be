import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

/** Keeps the machine awake while jobs run. */
export interface SleepInhibitor {
  hold(): void;
  release(): void;
}

/**
 * Windows has no command for it: a thread says that it needs the system, until the end of its input.
 * (0x80000001: ES_CONTINUOUS | ES_SYSTEM_REQUIRED.)
 */
const WINDOWS_SCRIPT = [
  `$api = Add-Type -Name Power -Namespace Isochromat -PassThru -MemberDefinition '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);'`,
  `[void]$api::SetThreadExecutionState([uint32]"0x80000001")`,
  '[void][Console]::In.ReadLine()',
].join('; ');

/** The command of each system. All of them end with their input, that is, also when the engine is killed. */
const COMMANDS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  linux: ['systemd-inhibit', '--what=sleep:idle', '--who=Isochromat', '--why=A job is running', '--mode=block', 'cat'],
  darwin: ['caffeinate', '-i', '-m', 'cat'],
  win32: ['powershell.exe', '-NoProfile', '-NonInteractive', '-Command', WINDOWS_SCRIPT],
};

/**
 * The inhibitor of this system. Where there is none, or it does not work (a server without a session), jobs run all the same,
 * and `log` hears it once.
 */
export function systemSleepInhibitor(log: (message: string) => void = () => {}): SleepInhibitor {
  let child: ChildProcess | undefined;
  let told = false;
  const failed = (): void => {
    child = undefined;
    if (!told) log('the system cannot be kept awake while jobs run');
    told = true;
  };
  return {
    hold() {
      const command = COMMANDS[process.platform];
      if (child !== undefined) return;
      if (command === undefined) return failed();
      const [program, ...options] = command;
      const started = spawn(program, options, { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
      child = started;
      started.stdin?.on('error', () => {});
      started.on('error', () => {
        if (child === started) failed();
      });
      started.on('exit', () => {
        if (child === started) failed();
      });
      // It is no reason for the engine to stay.
      started.unref();
      (started.stdin as Socket | null)?.unref();
    },
    release() {
      const held = child;
      child = undefined;
      held?.stdin?.end();
    },
  };
}
