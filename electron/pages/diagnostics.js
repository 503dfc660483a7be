// The page of the diagnostics window: shows the text, then saves what it showed. Plain JavaScript, since it is loaded as it is.
/** @type {import('../bridge.ts').DiagnosticsBridge} */
const diagnostics = /** @type {any} */ (window).diagnostics;
const text = /** @type {HTMLElement} */ (document.getElementById('text'));
const save = /** @type {HTMLButtonElement} */ (document.getElementById('save'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));

save.addEventListener('click', async () => {
  try {
    if (await diagnostics.save()) said.textContent = 'Saved.';
  } catch {
    said.textContent = 'It could not be saved there. Please choose another folder.';
  }
});

try {
  text.textContent = await diagnostics.read();
  save.disabled = false;
} catch {
  text.textContent = 'The diagnostics could not be collected.';
}
text.removeAttribute('aria-busy');
