/** Gives a file to the user: a download in a browser, the save dialog on the desktop. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun when this turn ends; a second is plenty.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
