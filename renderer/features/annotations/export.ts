import { engine } from '../../api/client.ts';
import { useToasts } from '../../app/toasts.ts';
import { messages } from '../../messages/en/index.ts';
import { saveBlob } from '../../ui/save-blob.ts';

/** Gives the user all annotations of the study as a table of fastMRI+, which imports back equal. */
export async function exportAnnotations(): Promise<void> {
  const toasts = useToasts();
  try {
    const { csv, boxes, volumes } = await engine.annotations.export.query({});
    saveBlob(new Blob([csv], { type: 'text/csv' }), 'annotations.csv');
    toasts.show({ text: messages.annotations.exported(boxes, volumes) });
  } catch (thrown) {
    toasts.failed(thrown);
  }
}
