import { useSettings } from '../../app/settings.ts';
import { fadedColours, phaseMap, startBringing } from '../../imaging/index.ts';

/** Makes what the first slice would be waited for with: its colours, and the worker that brings it. */
export function getReady(): void {
  fadedColours(phaseMap(useSettings().values.display.phaseMap), 0);
  startBringing();
}
