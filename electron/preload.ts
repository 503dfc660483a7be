import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { MESSAGES, REQUESTS } from './bridge.ts';
import type { EngineState, ShellBridge, ShellCommand } from './bridge.ts';

/** Listens to one kind of message from the shell; the event itself, which leads back to Electron, never reaches the page. */
function listen<Message>(channel: string, listener: (message: Message) => void): () => void {
  const receive = (_event: IpcRendererEvent, message: Message): void => listener(message);
  ipcRenderer.on(channel, receive);
  return () => void ipcRenderer.off(channel, receive);
}

const versionArgument = '--isochromat-version=';
const bridge: ShellBridge = {
  platform: process.platform as ShellBridge['platform'],
  version: process.argv.find((each) => each.startsWith(versionArgument))?.slice(versionArgument.length) ?? '',
  choose: (request) => ipcRenderer.invoke(REQUESTS.choose, request),
  // The page hands over File objects that the system gave it; only here do they become paths, and the page never sees them.
  dropped: (files) =>
    ipcRenderer.invoke(
      REQUESTS.dropped,
      files.map((file) => webUtils.getPathForFile(file)),
    ),
  onCommand: (listener) => {
    const stop = listen<ShellCommand>(MESSAGES.command, listener);
    void ipcRenderer.invoke(REQUESTS.listening);
    return stop;
  },
  onEngine: (listener) => {
    const stop = listen<EngineState>(MESSAGES.engine, listener);
    void ipcRenderer.invoke(REQUESTS.engineState).then((state) => listener(state as EngineState));
    return stop;
  },
  restartEngine: () => ipcRenderer.invoke(REQUESTS.restartEngine),
  showDiagnostics: () => ipcRenderer.invoke(REQUESTS.showDiagnostics),
};

contextBridge.exposeInMainWorld('isochromat', bridge);
