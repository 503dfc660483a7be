import { contextBridge, ipcRenderer } from 'electron';
import { REQUESTS } from './bridge.ts';
import type { DiagnosticsBridge } from './bridge.ts';

const bridge: DiagnosticsBridge = {
  read: () => ipcRenderer.invoke(REQUESTS.readDiagnostics),
  save: () => ipcRenderer.invoke(REQUESTS.saveDiagnostics),
};

contextBridge.exposeInMainWorld('diagnostics', bridge);
