import { Notification, app, powerSaveBlocker } from 'electron';
import { overallProgress, secondsOf } from './job-watch.ts';
import type { JobWatch, WatchedJob } from './job-watch.ts';
import type { MainWindow } from './window.ts';

/** Jobs that ran longer than this tell their end to someone who is looking elsewhere. */
const LONG_JOB_SECONDS = 60;

/** What of the work is seen outside of the window: progress in the taskbar, a notice at the end, and the machine kept awake. */
export function showPresence(jobs: JobWatch, main: MainWindow): void {
  let awake: number | undefined;
  jobs.on('change', () => {
    const { running } = jobs;
    showProgress(main, running);
    if (running.length > 0) awake ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (awake !== undefined) {
      powerSaveBlocker.stop(awake);
      awake = undefined;
    }
  });
  jobs.on('ended', (job) => {
    const looking = main.window?.isFocused() === true;
    if (!looking && secondsOf(job) >= LONG_JOB_SECONDS) announce(job, main);
  });
}

function showProgress({ window }: MainWindow, running: readonly WatchedJob[]): void {
  const progress = overallProgress(running);
  if (progress === 'unknown') window?.setProgressBar(2, { mode: 'indeterminate' });
  else if (progress === undefined) window?.setProgressBar(-1);
  else window?.setProgressBar(progress, { mode: 'normal' });
  if (process.platform === 'darwin' || process.platform === 'linux') app.setBadgeCount(running.length);
}

function announce(job: WatchedJob, main: MainWindow): void {
  if (!Notification.isSupported()) return;
  const body = job.outcome?.summary ?? job.error?.sentence ?? `It is ${job.state.replaceAll('-', ' ')}.`;
  const notice = new Notification({ title: job.title, body });
  notice.on('click', () => {
    main.show();
    main.send({ kind: 'show', screen: 'activity' });
  });
  notice.show();
}
