/** Why no window of our own can be shown here; undefined where it can. @param user its number, where the system has such */
export function noDesktop(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  user: number | undefined,
): string | undefined {
  if (platform === 'win32' || platform === 'darwin') return undefined;
  const display = environment['DISPLAY'] || environment['WAYLAND_DISPLAY'];
  if (display === undefined || display === '') return 'there is no display';
  // Chromium's sandbox does not work for root, and without it we do not show a page.
  return user === 0 ? 'its sandbox cannot work for the user root' : undefined;
}
