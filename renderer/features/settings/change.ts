import type { SettingsChange } from '../../../main/server/contract.ts';
import { useSettings } from '../../app/settings.ts';
import { useToasts } from '../../app/toasts.ts';

/** Changes settings; what the engine refuses is told and taken back. */
export function useChange(): (part: SettingsChange) => void {
  const settings = useSettings();
  const toasts = useToasts();
  return (part) => void settings.change(part).catch((thrown: unknown) => toasts.failed(thrown));
}
