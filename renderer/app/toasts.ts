import { defineStore } from 'pinia';
import { ref } from 'vue';
import { problemOf } from '../api/problem.ts';

/** A short word about what happened. What failed in place is said in place, not here. */
export interface Toast {
  text: string;
  kind?: 'info' | 'success' | 'warning' | 'error';
  action?: { label: string; run: () => void | Promise<void> };
}

export const useToasts = defineStore('toasts', () => {
  const shown = ref<(Toast & { id: number })[]>([]);
  /** The latest text, for the status bar. */
  const latest = ref('');
  let counter = 0;

  /** Shows a toast for some seconds; an error until it is dismissed. */
  function show(toast: Toast): void {
    const id = ++counter;
    shown.value = [...shown.value.slice(-3), { ...toast, id }];
    latest.value = toast.text;
    if (toast.kind !== 'error') setTimeout(() => dismiss(id), toast.action === undefined ? 5_000 : 8_000);
  }

  function failed(thrown: unknown): void {
    const { sentence, remedy } = problemOf(thrown);
    show({ kind: 'error', text: remedy === undefined ? sentence : `${sentence} ${remedy}` });
  }

  function dismiss(id: number): void {
    shown.value = shown.value.filter((toast) => toast.id !== id);
  }

  return { shown, latest, show, failed, dismiss };
});
