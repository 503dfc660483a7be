import { engine } from '../../api/client.ts';
import { useToasts } from '../../app/toasts.ts';
import { messages } from '../../messages/en/index.ts';

/** Gives the user all annotations of the study as a table of fastMRI+, which imports back equal. */
export async function exportAnnotations(): Promise<void> {
  const toasts = useToasts();
  try {
    const { csv, boxes, volumes } = await engine.annotations.export.query({});
    const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'annotations.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    toasts.show({ text: messages.annotations.exported(boxes, volumes) });
  } catch (thrown) {
    toasts.failed(thrown);
  }
}
